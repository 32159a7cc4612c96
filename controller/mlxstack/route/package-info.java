/**
 * Where a request goes, and why: the table of backends, the routes over it, keys' rights, complexity. Also asked by the
 * command line, which shows what would happen.
 *
 * <p>Values in, values out: no threads, clocks, sockets or files. May use: the JDK, vavr, Jackson, {@code
 * mlxstack.spec}, {@code mlxstack.wire}.
 */
@NullMarked
package mlxstack.route;

import org.jspecify.annotations.NullMarked;
