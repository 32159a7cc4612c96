/**
 * The pure core: {@link mlxstack.reconcile.Reconciler#step} and the values it works on.
 *
 * <p>No threads, clocks, files, sockets, loggers or randomness enter here: time comes in as {@link
 * mlxstack.reconcile.Now}, jitter is a hash of a seed in the state. May use: the JDK's values, vavr's
 * persistent collections, {@code mlxstack.spec}.
 */
@NullMarked
package mlxstack.reconcile;

import org.jspecify.annotations.NullMarked;
