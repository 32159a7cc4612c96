/**
 * Having the daemon started at login: what is written for launchd and systemd, and the conversations with their tools.
 *
 * <p>Used by the command line only, never on the daemon's own path. May use: the JDK, vavr, {@code mlxstack.spec}. May not
 * use: any other package of ours.
 */
@NullMarked
package mlxstack.autostart;

import org.jspecify.annotations.NullMarked;
