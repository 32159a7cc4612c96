/**
 * The command line: verbs parsed by picocli and run inside the daemon for the thin client, or in a JVM of their own
 * where no daemon is needed.
 *
 * <p>May use: the JDK, picocli, Jackson, {@code mlxstack.api} and what lies below it.
 */
@NullMarked
package mlxstack.cli;

import org.jspecify.annotations.NullMarked;
