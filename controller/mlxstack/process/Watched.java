package mlxstack.process;

import mlxstack.reconcile.Identity;

/**
 * One process whose end is waited for. Shared between the watcher's thread and those that signal: its monitor is held
 * while it is reaped and while it is signalled, so that a signal cannot hit the next owner of the pid.
 */
final class Watched {

    /** What is known of the group once its leader has ended. */
    enum Group {
        UNKNOWN,
        EMPTY,
        LEFT
    }

    final String name;
    final long launch;
    final Identity identity;
    final boolean child;
    final long token;

    /** Guarded by this. */
    private boolean ended;

    /** Guarded by this. */
    private Group group = Group.UNKNOWN;

    Watched(String name, long launch, Identity identity, boolean child, long token) {
        this.name = name;
        this.launch = launch;
        this.identity = identity;
        this.child = child;
        this.token = token;
    }

    synchronized boolean ended() {
        return ended;
    }

    synchronized Group group() {
        return group;
    }

    synchronized void end(Group left) {
        ended = true;
        group = left;
    }
}
