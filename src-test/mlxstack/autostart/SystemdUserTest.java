package mlxstack.autostart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mlxstack.autostart.Autostart.Status;
import mlxstack.autostart.CommandRunner.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SystemdUserTest {

    private Path home;
    private Path file;
    private Job job;

    @BeforeEach
    void home(@TempDir Path temp) throws IOException {
        home = temp.toRealPath();
        file = home.resolve(".config/systemd/user/mlxstackd.service");
        job = job(home.resolve(".mlxstack"), "0123456789ab");
    }

    private static Job job(Path root, String digest) {
        return new Job(
                root.resolve("lib/" + digest + "/mlxstackd"), root, Path.of("/usr/lib/jvm/temurin-25"), List.of());
    }

    private SystemdUser systemd(CommandRunner commands) {
        return new SystemdUser(commands, home.resolve(".config"), "1000");
    }

    private List<String> install(String transcript, Job what) {
        Transcript commands = new Transcript(transcript, home.toString());
        List<String> notes = systemd(commands)
                .install(what)
                .getOrElseThrow(failure -> new AssertionError(failure.message()))
                .notes();
        commands.assertOver();
        return notes;
    }

    private String refusal(String transcript) {
        Transcript commands = new Transcript(transcript, home.toString());
        String message = systemd(commands)
                .install(job)
                .swap()
                .getOrElseThrow(done -> new AssertionError(done.notes().toString()))
                .message();
        commands.assertOver();
        return message;
    }

    @Test
    void theFirstInstallWritesEnablesStartsAndLingers() throws IOException {
        assertThat(install("systemd-first", job))
                .containsExactly(
                        "installed: " + file,
                        "enabled lingering: it starts with the machine and stays when you log out");
        try (var in = SystemdUserTest.class.getResourceAsStream("systemd.service")) {
            String golden = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(Files.readString(file)).isEqualTo(golden.replace("{home}", home.toString()));
        }
    }

    @Test
    void theUnitHasWhatSupervisionNeeds() {
        assertThat(SystemdUser.unit(job).lines())
                .contains(
                        "Type=exec",
                        "Restart=always",
                        "KillMode=process",
                        "StartLimitIntervalSec=0",
                        "OOMPolicy=continue",
                        "TimeoutStopSec=60",
                        "WantedBy=default.target");
    }

    @Test
    void unchangedIsStartedNotRestarted() {
        install("systemd-first", job);
        assertThat(install("systemd-unchanged", job)).containsExactly("already installed, unchanged");
    }

    @Test
    void changedIsRestartedAndLingeringMayNeedRoot() {
        install("systemd-first", job);
        assertThat(install("systemd-no-linger", job(home.resolve(".mlxstack"), "ba9876543210")))
                .containsExactly(
                        "installed: " + file,
                        "it will end when you log out (Could not enable linger: Interactive authentication required.);"
                                + " to keep it: sudo loginctl enable-linger 1000");
    }

    @Test
    void refusalsSayWhatToDo() {
        assertThat(refusal("systemd-no-bus"))
                .startsWith("the user's systemd does not answer: Failed to connect to bus: No medium found.")
                .contains("XDG_RUNTIME_DIR=/run/user/1000")
                .endsWith("have " + job.launcher() + " run by whatever starts things here");
        assertThat(systemd(command -> new Answer(127, command.getFirst() + ": not found"))
                        .install(job)
                        .getLeft()
                        .message())
                .contains("systemctl: not found");
    }

    @Test
    void aFailedStartNamesTheJournal() {
        assertThat(refusal("systemd-fails"))
                .startsWith("systemd does not start mlxstackd.service: Job for mlxstackd.service failed")
                .endsWith("see: journalctl --user -u mlxstackd.service");
    }

    @Test
    void uninstallTwice() {
        install("systemd-first", job);
        assertThat(uninstall("systemd-uninstall"))
                .containsExactly("stopped mlxstackd; what it supervised goes on running", "removed " + file);
        assertThat(file).doesNotExist();
        assertThat(uninstall("systemd-uninstall-again")).containsExactly("not installed");
    }

    private List<String> uninstall(String transcript) {
        Transcript commands = new Transcript(transcript, home.toString());
        List<String> notes = systemd(commands)
                .uninstall()
                .getOrElseThrow(failure -> new AssertionError(failure.message()))
                .notes();
        commands.assertOver();
        return notes;
    }

    @Test
    void status() {
        install("systemd-first", job);
        Transcript commands = new Transcript("systemd-status", home.toString());
        assertThat(systemd(commands).status(job))
                .isEqualTo(new Status("systemd", file.toString(), true, true, true, 4242L, List.of()))
                .matches(Status::healthy);
        commands.assertOver();
    }

    @Test
    void statusNamesEverythingThatIsWrong() {
        install("systemd-first", job);
        Transcript commands = new Transcript("systemd-status-poorly", home.toString());
        Status status = systemd(commands).status(job(home, "ba9876543210"));
        commands.assertOver();
        assertThat(status.healthy()).isFalse();
        assertThat(status.findings())
                .satisfiesExactly(
                        f -> assertThat(f).contains("is not what this version installs"),
                        f -> assertThat(f).startsWith("it is activating (exit-code), its last exit code was 1"),
                        f -> assertThat(f).startsWith("it does not start by itself"),
                        f -> assertThat(f).startsWith("systemd has not read the present file"),
                        f -> assertThat(f).startsWith("it ends when you log out"));
    }

    /** The real parser, and its look at what the unit is to start. */
    @ParameterizedTest(name = "home directory: {0}")
    @ValueSource(strings = {"plain", "with space", "100%", "it's \"quoted\"", "back\\slash"})
    void systemdItselfFindsNothingWrong(String name) throws IOException {
        Path root = Files.createDirectories(home.resolve(name));
        Job odd = job(root, "0123456789ab");
        Files.createDirectories(odd.launcher().resolveSibling(""));
        Files.writeString(odd.launcher(), "#!/bin/sh\n");
        Files.setPosixFilePermissions(odd.launcher(), PosixFilePermissions.fromString("rwx------"));
        Path unit = Files.writeString(home.resolve("mlxstackd.service"), SystemdUser.unit(odd));

        assertThat(verify(unit)).isEqualTo(new Answer(0, ""));
    }

    private Answer verify(Path unit) throws IOException {
        // A machine where nobody is logged in has no such directory, and it only wants one.
        Path runtime = Files.createDirectories(home.resolve("run"));
        return new SystemCommands(Duration.ofSeconds(60))
                .run(
                        "env",
                        "XDG_RUNTIME_DIR=" + runtime,
                        "systemd-analyze",
                        "--user",
                        "verify",
                        "--man=no",
                        unit.toString());
    }

    @Test
    void systemdWouldSayWhatItDoesNotKnow() throws IOException {
        Path unit = home.resolve("mlxstackd.service");
        Files.writeString(unit, SystemdUser.unit(job).replace("Restart=always", "Restrat=always"));
        assertThat(verify(unit).out()).contains("Restrat").contains("is not executable");
    }

    @Test
    void theKindOfMachineDecides() {
        CommandRunner id = command -> new Answer(0, "1000\n");
        assertThat(Autostart.of("Mac OS X", Map.of(), home, id, time -> {})).isInstanceOf(Launchd.class);
        assertThat(Autostart.of("Linux", Map.of(), home, id, time -> {}))
                .isInstanceOfSatisfying(
                        SystemdUser.class, s -> assertThat(s.file()).isEqualTo(file));
        assertThat(Autostart.of("Linux", Map.of("XDG_CONFIG_HOME", "/x"), home, id, time -> {}))
                .isInstanceOfSatisfying(
                        SystemdUser.class, s -> assertThat(s.file()).hasToString("/x/systemd/user/mlxstackd.service"));
    }

    @Test
    void realCommandsEndInTimeAndSayWhenTheyAreNotThere() {
        SystemCommands commands = new SystemCommands(Duration.ofSeconds(60));
        assertThat(commands.run("no-such-program-here").exit()).isEqualTo(127);
        assertThat(commands.run("sh", "-c", "echo out; echo err >&2; exit 3")).isEqualTo(new Answer(3, "out\nerr\n"));
        SystemCommands impatient = new SystemCommands(Duration.ofMillis(200));
        assertThat(impatient.run("sleep", "600")).isEqualTo(new Answer(124, "sleep did not answer within 0.2 s"));
    }
}
