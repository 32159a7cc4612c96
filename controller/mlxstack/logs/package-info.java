/**
 * What the children wrote: kept, rotated, given back in order, and watched for lines.
 *
 * <p>{@link mlxstack.logs.LogStore} is the facade of the writing side, {@link mlxstack.logs.LogReader} that of the
 * reading side. A child appends to a file it owns itself; nothing here can block or end it. May use: the JDK, vavr's
 * Either, slf4j, {@code mlxstack.spec}, and the port that {@code mlxstack.api} declares for reading logs. Native calls
 * come in as {@link mlxstack.logs.Holes}.
 */
@NullMarked
package mlxstack.logs;

import org.jspecify.annotations.NullMarked;
