package mlxstack.daemon;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static mlxstack.daemon.Testimony.shell;
import static mlxstack.daemon.Testimony.stack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import mlxstack.process.Faults;
import mlxstack.process.Platform;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Restarts when everything comes at once, and when the clock is wrong. */
class RestartRacesIT {

    private static final String NO_FLAPPING = "flapping: {restarts: 0}";
    /** Longer than a loaded machine keeps anything waiting. */
    private static final long LATE = 10_000;

    private final Rig rig = new Rig();
    private final Testimony told = new Testimony(rig);

    @AfterEach
    void end() {
        rig.close();
    }

    private enum Round {
        STOP_LAST,
        RESTART_LAST,
        TOGETHER
    }

    @Test
    @DisplayName("R10 stop and restart at the same instant, 500 rounds: never two, and the later one wins")
    void r10StopAndRestart() throws Exception {
        // The lock is the process's own for as long as it lives, whoever started it.
        rig.stack(stack(shell("a", "exec 9>lock; flock -n 9 || echo two >> doubles; exec sleep 1000")))
                .start();
        rig.untilReady("a");
        for (int i = 0; i < 500; i++) {
            Round round = Round.values()[i % 3];
            switch (round) {
                case STOP_LAST -> {
                    rig.ok("restart", "a");
                    rig.ok("stop", "a", "--no-wait");
                }
                case RESTART_LAST -> {
                    rig.ok("stop", "a", "--no-wait");
                    rig.ok("restart", "a");
                }
                case TOGETHER -> together(() -> rig.ok("stop", "a", "--no-wait"), () -> rig.ok("restart", "a"));
            }
            boolean stopped = rig.status("a").at("/overrides/stopped").isObject();
            assertThat(round == Round.TOGETHER || stopped == (round == Round.STOP_LAST))
                    .as("round %d: %s", i, round)
                    .isTrue();
            // Not every round comes to rest: the next one may meet it anywhere.
            if (i % 5 == 4) {
                settles(stopped);
            }
        }
        assertThat(rig.lines("doubles")).isEmpty();
        assertThat(rig.count("InternalError")).isZero();
    }

    private void settles(boolean stopped) {
        await().atMost(Rig.LONG)
                .pollInterval(ofMillis(2))
                .until(() -> stopped ? rig.word("a").equals("Stopped") : rig.isReady("a"));
        // Between two programs a process has no environment to be known by.
        rig.until(() -> rig.leaders("a").size() == (stopped ? 0 : 1));
    }

    private static void together(Runnable one, Runnable other) throws Exception {
        var gate = new CyclicBarrier(2);
        var thread = Thread.ofPlatform().start(() -> {
            pass(gate);
            one.run();
        });
        pass(gate);
        other.run();
        thread.join();
    }

    private static void pass(CyclicBarrier gate) {
        try {
            gate.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String backoff(String knobs) {
        return "restart: {backoff: {jitter: 0, " + knobs + "}}";
    }

    @Test
    @DisplayName("R16 the clock is set back and forward by 2 h, waiting and running: nothing is early, late or lost")
    void r16ClockJumps() {
        var off = new AtomicReference<>(Duration.ZERO);
        String script = "[ -e bad ] && exit 1; while [ ! -e $MLX_NAME.crash ]; do sleep 0.02; done; "
                + "rm $MLX_NAME.crash; exit 1";
        rig.on(Faults.before(
                        Platform.current(),
                        (method, _) -> method.equals("wall") ? Instant.now().plus(off.get()) : null))
                .touch("bad")
                .stack(stack(
                        shell("a", script, backoff("initial: 1500ms, factor: 1, resetAfter: 1s"), NO_FLAPPING),
                        shell("b", script, backoff("initial: 1500ms, factor: 1, resetAfter: 5m"), NO_FLAPPING)))
                .start();
        int waits = 0;
        for (Duration jump : List.of(ofHours(-2), ofHours(2), ofHours(-2))) {
            int before = ++waits;
            rig.until(() -> rig.restarts("a") >= before);
            off.set(jump);
        }
        rig.end();
        off.set(ofHours(2));
        rig.start();
        rig.until(() -> told.starts("a").size() >= 5);
        assertThat(told.gaps("a")).allMatch(gap -> gap >= 1_500 && gap < 1_500 + LATE);

        // Running: it is the time awake that counts as health, not the hour.
        rig.remove("bad");
        await().during(ofMillis(600)).atMost(Rig.LONG).until(() -> rig.isReady("a") && rig.isReady("b"));
        off.set(ofHours(-2));
        long began = System.nanoTime();
        await().atMost(Rig.LONG).until(() -> System.nanoTime() - began > 1_200_000_000L);
        crash("a");
        assertThat(told.lastDelay("a").failure()).isEqualTo(1);
        off.set(ofHours(2));
        crash("b");
        assertThat(told.lastDelay("b").failure()).isGreaterThan(1);
    }

    private void crash(String name) {
        int before = rig.restarts(name);
        rig.touch(name + ".crash");
        rig.until(() -> rig.restarts(name) > before);
    }

    @Test
    @DisplayName("R19 twenty crash together: the starts are spread by the jitter, and few words are made of it")
    void r19TwentyTogether() throws IOException, InterruptedException {
        var names = new ArrayList<String>();
        var processes = new StringBuilder("processes:\n");
        for (int i = 0; i < 20; i++) {
            String name = "p%02d".formatted(i);
            names.add(name);
            processes.append(shell(name, "exec sleep 1000", "restart: {backoff: {initial: 4s}}"));
        }
        rig.stack(processes.toString()).start().untilReady(names.toArray(String[]::new));
        var kill = new ArrayList<>(List.of("kill", "-KILL"));
        names.forEach(name -> kill.add(String.valueOf(rig.pid(name))));
        rig.until(() -> rig.count("Ready") == 20);
        int before = rig.count("");
        long began = System.currentTimeMillis();
        assertThat(new ProcessBuilder(kill).start().waitFor()).isZero();
        for (String name : names) {
            rig.until(() -> rig.restarts(name) == 1 && rig.isReady(name));
        }
        var planned = new TreeSet<Duration>();
        names.forEach(name -> planned.add(told.lastDelay(name).length()));
        assertThat(planned).allMatch(d -> d.toMillis() >= 4_000 && d.toMillis() <= 5_000);
        assertThat(planned.last().minus(planned.first())).isGreaterThan(ofMillis(300));
        var starts = new TreeSet<Long>();
        for (String name : names) {
            assertThat(told.starts(name)).hasSize(2);
            starts.add(told.starts(name).getLast() / 1_000_000);
        }
        assertThat(starts.first() - began).isBetween(4_000L, 5_000 + LATE);
        assertThat(starts.last() - starts.first()).isGreaterThan(300);
        // Crashed, BackOff, Started, Ready; and what the stack said of itself meanwhile.
        assertThat(rig.count("") - before).isLessThanOrEqualTo(4 * 20 + 5);
    }
}
