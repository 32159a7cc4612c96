/**
 * The gateway: one address for all models. A program of its own, which goes on with the last configuration it read
 * whatever becomes of the daemon.
 *
 * <p>Everything happens on one event loop; what takes long (reading large bodies' JSON) is handed to a worker. May use:
 * the JDK, Vert.x, Jackson's streams, Prometheus' client, slf4j, {@code mlxstack.spec}. Knows the daemon only by the file.
 */
@NullMarked
package mlxstack.gateway;

import org.jspecify.annotations.NullMarked;
