package mlxstack.daemon;

import static java.time.Duration.ofMillis;
import static mlxstack.daemon.Testimony.shell;
import static mlxstack.daemon.Testimony.stack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import mlxstack.process.Faults;
import mlxstack.process.Platform;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Starts that come to nothing, and ends after which there is no other. */
class FailedStartIT {

    private static final String FAST = "restart: {backoff: {initial: 20ms, max: 200ms}}";
    private static final String NO_FLAPPING = "flapping: {restarts: 0}";

    private final Rig rig = new Rig();

    @AfterEach
    void end() {
        rig.close();
    }

    private static String plain(String name, Path program, String... fields) {
        var text = new StringBuilder("  - name: %s\n    command: [\"%s\"]\n".formatted(name, program));
        for (String field : fields) {
            text.append("    ").append(field).append('\n');
        }
        return text.toString();
    }

    private String message(String name) {
        return rig.status(name).path("message").asString("");
    }

    @Test
    @DisplayName("R11 a missing binary: told, permanent after the first try, and resumed when the file appears")
    void r11BinaryMissing() {
        Path tool = rig.dir.resolve("tool");
        rig.stack(stack(plain("a", tool, FAST))).start();
        rig.untilWord("a", "BinaryMissing");
        assertThat(message("a")).contains(tool + " does not exist");
        assertThat(rig.status("a").path("state").asString()).isEqualTo("failed");
        rig.until(() -> !rig.events("BinaryMissing").isEmpty());
        await().during(ofMillis(2500)).until(() -> rig.launch("a") == 1 && rig.restarts("a") == 0);
        rig.program("tool", "#!/bin/sh\nexec sleep 1000\n");
        rig.untilReady("a");
        assertThat(rig.launch("a")).isEqualTo(2);
    }

    @Test
    @DisplayName("R12 not executable, no interpreter, no program, no working directory: each in its own words")
    void r12DistinctMessages() throws IOException {
        Path plain = Files.writeString(rig.dir.resolve("plain"), "#!/bin/sh\n");
        Path foreign = rig.program("foreign", "#!/nowhere/python\n");
        Path garbage = rig.program("garbage", "\u0001 no program at all\n");
        rig.stack(stack(
                        plain("unexecutable", plain),
                        plain("foreign", foreign),
                        plain("garbage", garbage),
                        plain("folder", rig.dir),
                        plain("homeless", Path.of("/bin/true"), "workingDirectory: " + rig.dir.resolve("gone")),
                        shell("calm", "exec sleep 1000")))
                .start()
                .untilReady("calm");
        rig.untilWord("unexecutable", "BinaryMissing");
        rig.untilWord("foreign", "BinaryMissing");
        rig.untilWord("garbage", "BinaryMissing");
        rig.untilWord("folder", "BinaryMissing");
        rig.untilWord("homeless", "WorkingDirectoryMissing");
        assertThat(message("unexecutable")).contains(plain + " is not executable");
        assertThat(message("foreign")).contains(foreign.toString(), "/nowhere/python");
        assertThat(message("garbage")).contains(garbage + " is no program");
        assertThat(message("folder")).contains(rig.dir + " is a directory");
        assertThat(message("homeless")).contains("working directory " + rig.dir.resolve("gone") + " does not exist");
        assertThat(rig.count("InternalError")).isZero();
    }

    @Test
    @DisplayName(
            "R13 the kernel has no room for a process (EAGAIN): counted as a failed start, with back-off, and over when it is")
    void r13Eagain() {
        var real = Platform.current();
        var full = new AtomicBoolean(true);
        int errno = Faults.errno(real, "EAGAIN");
        rig.on(Faults.before(real, (method, _) -> method.equals("spawn") && full.get() ? errno : null))
                .stack(stack(shell("a", "exec sleep 1000", FAST, NO_FLAPPING)))
                .start();
        rig.until(() -> rig.restarts("a") >= 3);
        rig.untilWord("a", "CrashLoopBackOff");
        assertThat(rig.events("FailedStart")).isNotEmpty().allMatch(e -> e.contains("EAGAIN"));
        assertThat(rig.ok("why", "a")).contains("EAGAIN");
        full.set(false);
        rig.untilReady("a");
        assertThat(rig.leaders("a")).hasSize(1);
    }

    @Test
    @DisplayName(
            "R13 no descriptor is left (EMFILE): starts fail and wait, what runs runs on, and afterwards none is leaked")
    void r13Emfile() throws Exception {
        try (var forked = new ForkedRig()) {
            forked.touch("bad")
                    .stack(stack(
                            shell("calm", "exec sleep 1000"),
                            shell("a", "[ -e bad ] && exit 1; exec sleep 1000", FAST, NO_FLAPPING)))
                    .start(Main.class, "-cp", jarred())
                    .untilReady("calm");
            long calm = forked.pid("calm");
            exhausted(forked);
            int before = descriptors(forked);
            forked.touch("bad");
            Rig.kill(forked.pid("a"), "KILL");
            exhausted(forked);
            assertThat(forked.pid("calm")).isEqualTo(calm);
            assertThat(forked.restarts("calm")).isZero();
            assertThat(forked.count("InternalError")).isZero();
            forked.until(() -> forked.leaders("a").size() == 1);
            forked.until(() -> descriptors(forked) <= before);
        }
    }

    /** Three starts that fail for want of a descriptor, and then one that does not. */
    private static void exhausted(ForkedRig rig) throws Exception {
        int before = failedStarts(rig);
        limit(rig, "16:");
        rig.until(() -> failedStarts(rig) >= before + 3);
        rig.remove("bad");
        limit(rig, "1024:");
        rig.untilReady("a", "calm");
    }

    private static int failedStarts(ForkedRig rig) throws IOException {
        var log = Files.readAllLines(rig.home.logs().resolve("mlxstackd.log"));
        return (int) log.stream()
                .filter(line -> line.contains("a FailedStart: ") && line.contains("EMFILE"))
                .count();
    }

    private static int descriptors(ForkedRig rig) {
        String[] all = Path.of("/proc", String.valueOf(rig.daemon().pid()), "fd")
                .toFile()
                .list();
        return all == null ? 0 : all.length;
    }

    private static void limit(ForkedRig rig, String softAndHard) throws Exception {
        int code = new ProcessBuilder(
                        "prlimit", "--pid", String.valueOf(rig.daemon().pid()), "--nofile=" + softAndHard)
                .inheritIO()
                .start()
                .waitFor();
        assertThat(code).isZero();
    }

    /** Our classes in one file, as users have them: from a directory, each would need a descriptor when it is first used. */
    private String jarred() throws Exception {
        var own = Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        String all = System.getProperty("java.class.path");
        if (!Files.isDirectory(own)) {
            return all;
        }
        Path jar = rig.dir.resolve("own.jar");
        try (var files = Files.walk(own);
                var out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(own.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
        return jar + File.pathSeparator + all;
    }

    @Test
    @DisplayName("R14 an exit code on the permanent list: Failed, and not started again")
    void r14Permanent() {
        rig.stack(stack(
                        shell("own", "exit 3", "restart: {permanentExitCodes: [3], backoff: {initial: 1ms}}"),
                        shell("usual", "exit 78", FAST)))
                .start();
        rig.until(() -> rig.status("own").path("state").asString("").equals("failed"));
        rig.until(() -> rig.status("usual").path("state").asString("").equals("failed"));
        assertThat(message("own")).contains("exit code 3 means that a retry will not help");
        await().during(ofMillis(500)).until(() -> rig.launch("own") == 1 && rig.launch("usual") == 1);
        rig.ok("restart", "own");
        rig.until(() -> rig.launch("own") == 2);
    }

    @Test
    @DisplayName("R15 killed by SIGSEGV: the signal is in the last state, and it is restarted")
    void r15Signal() {
        rig.touch("bad")
                .stack(stack(
                        shell("a", "ulimit -c 0; [ -e bad ] && { rm bad; kill -SEGV $$; }; exec sleep 1000", FAST)))
                .start();
        rig.until(() -> rig.launch("a") == 2 && rig.isReady("a"));
        var last = rig.status("a").at("/last/terminated");
        assertThat(last.path("signalName").asString()).isEqualTo("SIGSEGV");
        assertThat(last.path("signal").asInt()).isEqualTo(11);
        assertThat(last.path("exitCode").asInt()).isEqualTo(139);
        assertThat(last.path("coreDumped").asBoolean(false)).isFalse();
        assertThat(rig.ok("describe", "process", "a")).contains("SIGSEGV");
    }
}
