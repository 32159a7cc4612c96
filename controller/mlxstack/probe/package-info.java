/**
 * Asks running things how they are, and runs the commands that go with their life (preStop, reload).
 *
 * <p>{@link mlxstack.probe.Prober} and {@link mlxstack.probe.Hooks} are the facades. Nothing here judges: attempts are
 * made and their results reported, thresholds are the core's. What is needed of the system comes through the small
 * interfaces of this package. May use: the JDK, vavr, Jackson's streaming core, slf4j, {@code mlxstack.reconcile},
 * {@code mlxstack.spec}.
 */
@NullMarked
package mlxstack.probe;

import org.jspecify.annotations.NullMarked;
