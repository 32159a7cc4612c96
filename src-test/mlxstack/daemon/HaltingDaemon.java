package mlxstack.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import mlxstack.process.HaltingPlatform;
import mlxstack.process.Platform;
import mlxstack.process.SingleInstance;
import mlxstack.store.Home;

/**
 * A daemon that dies, as by kill -9, around its first spawn: {@code -Dhalt=before} between the writing of the intent and
 * the spawn, {@code -Dhalt=after} between the spawn and the writing of the identity.
 */
final class HaltingDaemon {

    private HaltingDaemon() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        var home = Home.of(System.getenv(), Path.of(System.getProperty("user.home")));
        var real = Platform.current();
        var halting = HaltingPlatform.around(real, System.getProperty("halt").equals("after"));
        SingleInstance.acquireWaiting(real, home.lock());
        Daemon.start(Settings.here(home, halting, System.getenv()), () -> {});
        new CountDownLatch(1).await();
    }
}
