/**
 * Getting an answer from a backend, and from the next one when the first fails: connections, queues, breakers, timers,
 * the relay of streams.
 *
 * <p>What to do next is decided by pure functions; everything else happens on the gateway's event loop. May use: the
 * JDK, Vert.x, slf4j, {@code mlxstack.route}, {@code mlxstack.wire}, {@code mlxstack.spec}.
 */
@NullMarked
package mlxstack.upstream;

import org.jspecify.annotations.NullMarked;
