package mlxstack.daemon;

import mlxstack.process.Platform;
import mlxstack.reconcile.Now;

/** The one place where the daemon asks for the time. Usable from any thread. */
record Clock(Platform platform, String bootId) {

    Clock(Platform platform) {
        this(platform, platform.bootId());
    }

    Now now() {
        return new Now(platform.awake(), bootId, platform.wall());
    }
}
