/**
 * What the gateway is told, and what it says it has understood. Runs in the daemon.
 *
 * <p>May use: the JDK, slf4j, Jackson's trees, {@code mlxstack.reconcile}, {@code mlxstack.spec}. Decides
 * nothing: the core's table becomes a file, and the gateway's answer becomes a digest.
 */
@NullMarked
package mlxstack.proxy;

import org.jspecify.annotations.NullMarked;
