/**
 * Operating-system processes: started, watched, signalled, found again and cleared away.
 *
 * <p>{@link mlxstack.process.Processes} is the facade, {@link mlxstack.process.Platform} the seam to the kernel with one
 * file per operating system. The only package that calls native code. May use: the JDK, vavr's Either, slf4j, {@code
 * mlxstack.reconcile}, {@code mlxstack.spec}.
 */
@NullMarked
package mlxstack.process;

import org.jspecify.annotations.NullMarked;
