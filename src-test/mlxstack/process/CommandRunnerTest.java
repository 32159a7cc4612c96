package mlxstack.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import mlxstack.process.CommandRunner.Result;
import mlxstack.reconcile.ExitStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Short commands with real children: how they end, and that nothing is left. */
class CommandRunnerTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path dir;

    private final Platform platform = Platform.current();
    private CommandRunner runner;

    @BeforeEach
    void start() {
        platform.becomeParent();
        runner = new CommandRunner(platform, dir.resolve("run"));
    }

    @AfterEach
    void stop() {
        runner.close();
    }

    private Result run(Duration timeout, String... argv) throws InterruptedException {
        return runner.run(List.of(argv), Map.of("PATH", "/usr/bin:/bin", "WHO", "me"), dir, timeout);
    }

    private Result shell(String script) throws InterruptedException {
        return run(LONG, "sh", "-c", script);
    }

    private boolean lives(long pid) {
        return platform.look(pid) instanceof Look.Seen(Look.Row row) && !row.zombie();
    }

    private long pid(String file) {
        var path = dir.resolve(file);
        await().atMost(LONG)
                .until(() -> Files.exists(path) && Files.readString(path).endsWith("\n"));
        try {
            return Long.parseLong(Files.readString(path).strip());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void exitAndOutputAreTold() throws Exception {
        assertThat(shell("echo $WHO; pwd; echo bad >&2; exit 3"))
                .isEqualTo(new Result.Ended(new ExitStatus.Code(3), "me\n" + dir + "\nbad\n"));
        assertThat(shell("kill -KILL $$")).isEqualTo(new Result.Ended(new ExitStatus.Signal(9, "KILL", false), ""));
        try (var left = Files.list(dir.resolve("run"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void onlyTheFirstOfALongOutputIsKept() throws Exception {
        assertThat(shell("head -c 1000000 /dev/zero | tr '\\0' x"))
                .isInstanceOfSatisfying(
                        Result.Ended.class, ended -> assertThat(ended.output()).hasSize(10 * 1024));
    }

    @Test
    void aLateCommandIsKilledWithWhatItStarted() throws Exception {
        var result = run(
                Duration.ofMillis(500),
                "sh",
                "-c",
                "trap '' TERM; sleep 600 & echo $! > child; echo waiting; while :; do sleep 600; done");
        assertThat(result).isInstanceOf(Result.TimedOut.class);
        // Loaded machines may not have got as far as the child.
        if (Files.exists(dir.resolve("child"))) {
            long child = pid("child");
            await().atMost(LONG).until(() -> !lives(child));
        }
    }

    @Test
    void whatACommandLeavesBehindIsKilled() throws Exception {
        assertThat(shell("sleep 600 & echo $! > child")).isInstanceOf(Result.Ended.class);
        long child = pid("child");
        await().atMost(LONG).until(() -> !lives(child));
    }

    @Test
    void anInterruptedCallerKillsItsCommand() throws Exception {
        var interrupted = new CompletableFuture<Boolean>();
        var caller = Thread.ofVirtual().start(() -> {
            try {
                shell("echo $$ > self; exec sleep 600");
                interrupted.complete(false);
            } catch (InterruptedException e) {
                interrupted.complete(true);
            }
        });
        long self = pid("self");
        caller.interrupt();
        assertThat(interrupted.get()).isTrue();
        await().atMost(LONG).until(() -> !lives(self));
    }

    @Test
    void whatCannotBeStartedIsExplained() throws Exception {
        assertThat(run(LONG, "no-such-thing"))
                .isInstanceOfSatisfying(
                        Result.NotRun.class,
                        not -> assertThat(not.obstacle().message()).contains("no-such-thing was not found in PATH"));
        assertThat(run(LONG, "/no/such/thing"))
                .isInstanceOfSatisfying(
                        Result.NotRun.class,
                        not -> assertThat(not.obstacle().message()).contains("does not exist"));
    }

    @Test
    void manyAtOnceKeepTheirExitsApart() throws Exception {
        var go = new CountDownLatch(1);
        var all = new java.util.ArrayList<CompletableFuture<Result>>();
        for (int i = 0; i < 40; i++) {
            int code = i;
            var one = new CompletableFuture<Result>();
            all.add(one);
            Thread.ofVirtual().start(() -> {
                try {
                    go.await();
                    one.complete(shell("echo " + code + "; exit " + code));
                } catch (Exception e) {
                    one.completeExceptionally(e);
                }
            });
        }
        go.countDown();
        for (int i = 0; i < all.size(); i++) {
            assertThat(all.get(i).get()).isEqualTo(new Result.Ended(new ExitStatus.Code(i), i + "\n"));
        }
    }

    @Test
    void whatAnEarlierLifeLeftIsRemoved() throws Exception {
        Files.createDirectories(dir.resolve("run"));
        Files.writeString(dir.resolve("run/command-7.out"), "old");
        shell("true");
        assertThat(dir.resolve("run/command-7.out")).doesNotExist();
    }
}
