package mlxstack.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Event.Outcome;
import mlxstack.reconcile.Units;
import mlxstack.spec.Probe;
import mlxstack.spec.Workload;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Many probes at once cost little, and leave nothing. */
class ProberScaleIT {

    private static final Probe.Kind READINESS = Probe.Kind.READINESS;

    private static Workload workload(int i) {
        return Units.process("p" + i, "run");
    }

    private static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    private static long sockets() {
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(fd -> {
                        try {
                            return Files.readSymbolicLink(fd).toString().startsWith("socket:");
                        } catch (IOException e) {
                            return false;
                        }
                    })
                    .count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("P05: 10,000 attempts that hang end at their timeout and leave no thread and no connection")
    void p05NoThreadAndNoConnectionIsLeft() throws IOException {
        try (var asked = new Asked();
                var peer = new Peer(Peer.SILENCE)) {
            long sockets = sockets();
            int threads = threads();
            var probe = Asked.every(Asked.http(peer.port()), Duration.ofMillis(1), Duration.ofMillis(20));
            IntStream.range(0, 50).forEach(i -> asked.start(workload(i), 1, READINESS, probe, null));
            for (int i = 0; i < 10_000; i++) {
                var result = asked.next();
                assertThat(result.outcome()).isEqualTo(Outcome.FAILURE);
                assertThat(result.message()).isEqualTo("port " + peer.port() + ": no answer within 20ms");
            }
            // Virtual threads stand on a few carriers, however many attempts hang.
            assertThat(threads()).isLessThan(threads + 50);
            IntStream.range(0, 50).forEach(i -> asked.prober.apply(new Effect.StopProbe("p" + i, 1, READINESS)));
            await().atMost(Duration.ofSeconds(60)).until(() -> sockets() <= sockets);
            asked.events.clear();
            asked.prober.close();
            await().atMost(Duration.ofSeconds(60)).until(() -> threads() < threads + 20);
        }
    }

    @Test
    void aThousandIdleProbesCostLessThanTenMegabytes() throws IOException {
        try (var asked = new Asked();
                var peer = new Peer(Peer.status(200))) {
            var probe = Asked.every(Asked.http(peer.port()), Duration.ofHours(1), Duration.ofMinutes(1));
            asked.start(workload(0), 1, READINESS, probe, null);
            asked.next();
            long before = used();
            IntStream.range(1, 1001).forEach(i -> asked.start(workload(i), 1, READINESS, probe, null));
            for (int i = 1; i <= 1000; i++) {
                assertThat(asked.next().outcome()).isEqualTo(Outcome.SUCCESS);
            }
            peer.requests().clear();
            assertThat(used() - before).isLessThan(10 << 20);
        }
    }

    private static long used() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            used = Math.min(
                    used,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return used;
    }
}
