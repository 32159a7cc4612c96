package mlxstack.daemon;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import mlxstack.api.MachineInfo;
import mlxstack.hardware.Detector;
import mlxstack.hardware.Hardware;
import mlxstack.hardware.Load;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the machine is, found out when somebody first asks, and how its memory is doing, looked at anew when the last look
 * is older than that. On threads of its own; any thread may ask.
 */
final class MachineView {

    private static final Logger LOG = LoggerFactory.getLogger(MachineView.class);
    private static final long FRESH = TimeUnit.SECONDS.toNanos(5);

    private final Supplier<Detector> maker;
    private @Nullable Detector detector;
    private @Nullable Hardware hardware;
    private @Nullable MachineInfo last;
    private @Nullable CompletableFuture<MachineInfo> looking;
    private long at;

    MachineView(Supplier<Detector> maker) {
        this.maker = maker;
    }

    /** Null when it is not known within {@code patience}. */
    @Nullable
    MachineInfo info(Duration patience) {
        var look = look();
        if (look == null || patience.isZero()) {
            return known();
        }
        try {
            return look.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return known();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return known();
        }
    }

    private synchronized @Nullable MachineInfo known() {
        return last;
    }

    /** One that is under way, or a new one; null when what is known is fresh. */
    private synchronized @Nullable CompletableFuture<MachineInfo> look() {
        if (looking != null) {
            return looking;
        }
        if (last != null && System.nanoTime() - at < FRESH) {
            return null;
        }
        var started = new CompletableFuture<MachineInfo>();
        looking = started;
        Thread.ofVirtual().name("machine").start(() -> run(started));
        return started;
    }

    private void run(CompletableFuture<MachineInfo> started) {
        try {
            var here = detector();
            var found = info(hardware(here), here.load());
            done(found);
            started.complete(found);
        } catch (RuntimeException e) {
            LOG.warn("this machine could not be looked at", e);
            done(null);
            started.completeExceptionally(e);
        }
    }

    private synchronized void done(@Nullable MachineInfo found) {
        last = found == null ? last : found;
        looking = null;
        at = System.nanoTime();
    }

    private synchronized Detector detector() {
        var made = detector;
        if (made == null) {
            made = maker.get();
            detector = made;
        }
        return made;
    }

    /** Only one look is ever under way, so that nobody else asks meanwhile. */
    private Hardware hardware(Detector here) {
        synchronized (this) {
            if (hardware != null) {
                return hardware;
            }
        }
        var found = here.hardware();
        synchronized (this) {
            hardware = found;
        }
        return found;
    }

    private static MachineInfo info(Hardware hardware, Load load) {
        return new MachineInfo(
                hostname(),
                hardware.id(),
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux",
                architecture(),
                hardware.system(),
                hardware.chip(),
                hardware.cpuCores(),
                hardware.gpu(),
                hardware.gpuCores(),
                hardware.memoryBytes(),
                hardware.gpuLimitBytes(),
                hardware.bandwidth(),
                hardware.bandwidthEstimated(),
                load.freeBytes(),
                switch (load.pressure()) {
                    case NORMAL -> MachineInfo.Pressure.NORMAL;
                    case WARNING -> MachineInfo.Pressure.WARNING;
                    case CRITICAL -> MachineInfo.Pressure.CRITICAL;
                    case UNKNOWN -> MachineInfo.Pressure.UNKNOWN;
                },
                hardware.summary());
    }

    /** As Kubernetes names it. */
    private static String architecture() {
        String own = System.getProperty("os.arch", "");
        return switch (own) {
            case "aarch64" -> "arm64";
            case "x86_64" -> "amd64";
            default -> own;
        };
    }

    private static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
