/**
 * The control API: the state as Kubernetes-shaped objects, tables and watches, over HTTP on a Unix socket.
 *
 * <p>Declares in {@link mlxstack.api.ControlPlane} what it needs of the daemon, and uses nothing of the daemon itself.
 * May use: the JDK, Jackson, Vert.x, {@code mlxstack.reconcile}, {@code mlxstack.spec}.
 */
@NullMarked
package mlxstack.api;

import org.jspecify.annotations.NullMarked;
