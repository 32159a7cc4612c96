/**
 * What outlives the daemon: records of what was started, accepted revisions, events, the journal; and where each of them
 * lies in the home.
 *
 * <p>May use: the JDK, Jackson's streaming core, vavr, {@code mlxstack.reconcile} and {@code mlxstack.spec}. May not
 * decide anything about processes.
 */
@NullMarked
package mlxstack.store;

import org.jspecify.annotations.NullMarked;
