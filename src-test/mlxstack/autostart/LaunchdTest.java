package mlxstack.autostart;

import static org.assertj.core.api.Assertions.assertThat;

import com.dd.plist.NSDictionary;
import com.dd.plist.PropertyListParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mlxstack.autostart.Autostart.Done;
import mlxstack.autostart.Autostart.Status;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaunchdTest {

    private Path home;
    private Path file;
    private Job job;
    private Duration paused = Duration.ZERO;

    @BeforeEach
    void home(@TempDir Path temp) throws IOException {
        home = temp.toRealPath();
        file = home.resolve("Library/LaunchAgents/dev.mlxstack.mlxstackd.plist");
        job = job("0123456789ab");
    }

    private Job job(String digest) {
        Path root = home.resolve(".mlxstack");
        return new Job(
                root.resolve("lib/" + digest + "/mlxstackd"),
                root,
                Path.of("/Library/Java/JavaVirtualMachines/temurin-25.jdk/Contents/Home"),
                List.of());
    }

    private Launchd launchd(CommandRunner commands) {
        return new Launchd(commands, time -> paused = paused.plus(time), home, "501");
    }

    /** Plays the transcript to its end. */
    private Done install(String transcript, Job what) {
        Transcript commands = new Transcript(transcript, home.toString());
        Done done = launchd(commands).install(what).getOrElseThrow(failure -> new AssertionError(failure.message()));
        commands.assertOver();
        return done;
    }

    private String refusal(String transcript, Job what) {
        Transcript commands = new Transcript(transcript, home.toString());
        String message = launchd(commands)
                .install(what)
                .swap()
                .getOrElseThrow(done -> new AssertionError(done.notes().toString()))
                .message();
        commands.assertOver();
        return message;
    }

    private NSDictionary plist() throws Exception {
        return (NSDictionary) PropertyListParser.parse(Files.readAllBytes(file));
    }

    @Test
    void theFirstInstallWritesLoadsAndStarts() throws Exception {
        Done done = install("launchd-first", job);

        assertThat(done.notes()).containsExactly("installed: " + file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r--");
        assertThat(home.resolve("Library/Logs")).isDirectory();
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
        assertThat(Files.readString(file)).isEqualTo(golden("launchd-gui.plist"));
    }

    private String golden(String name) throws IOException {
        try (var in = LaunchdTest.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8)
                    .replace("{home}", home.toString());
        }
    }

    @Test
    @DisplayName("the plist has the keys of supervision.md section 8, as launchd reads them")
    void keys() throws Exception {
        install("launchd-first", job);
        NSDictionary plist = plist();

        assertThat(plist.keySet())
                .containsExactlyInAnyOrder(
                        "Label",
                        "ProgramArguments",
                        "EnvironmentVariables",
                        "Umask",
                        "RunAtLoad",
                        "KeepAlive",
                        "ThrottleInterval",
                        "ExitTimeOut",
                        "ProcessType",
                        "AbandonProcessGroup",
                        "LimitLoadToSessionType",
                        "SoftResourceLimits",
                        "StandardOutPath",
                        "StandardErrorPath");
        assertThat(value(plist, "Label")).isEqualTo("dev.mlxstack.mlxstackd");
        assertThat((Object[]) value(plist, "ProgramArguments"))
                .containsExactly(job.launcher().toString());
        assertThat(value(plist, "KeepAlive")).isEqualTo(true);
        assertThat(value(plist, "RunAtLoad")).isEqualTo(true);
        assertThat(value(plist, "AbandonProcessGroup")).isEqualTo(true);
        assertThat(value(plist, "ProcessType")).isEqualTo("Interactive");
        assertThat(value(plist, "ThrottleInterval")).isEqualTo(5);
        assertThat(value(plist, "ExitTimeOut")).isEqualTo(60);
        assertThat(value(plist, "Umask")).isEqualTo(077);
        assertThat(value(plist, "LimitLoadToSessionType")).isEqualTo("Aqua");
        assertThat(value(plist, "SoftResourceLimits")).isEqualTo(Map.of("NumberOfFiles", 8192));
        String log = home + "/Library/Logs/mlxstackd.log";
        assertThat(value(plist, "StandardOutPath")).isEqualTo(log);
        assertThat(value(plist, "StandardErrorPath")).isEqualTo(log);
        assertThat(value(plist, "EnvironmentVariables"))
                .isEqualTo(Map.of(
                        "MLXSTACK_HOME",
                        home + "/.mlxstack",
                        "MLXSTACK_STARTED_BY",
                        "launchd",
                        "JAVA_HOME",
                        job.javaHome().toString()));
    }

    private static Object value(NSDictionary plist, String key) {
        return Objects.requireNonNull(plist.get(key), key).toJavaObject();
    }

    @Test
    void namesThatXmlMindsArriveAsTheyAre() throws Exception {
        Job odd = new Job(home.resolve("a & <b>/mlxstackd"), home, home.resolve("it's \"so\""), List.of());
        install("launchd-first", odd);
        assertThat((Object[]) value(plist(), "ProgramArguments"))
                .containsExactly(odd.launcher().toString());
        assertThat(value(plist(), "EnvironmentVariables"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("JAVA_HOME", odd.javaHome().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"launchd-unchanged", "launchd-unchanged-running"})
    void loadedAndUnchangedIsOnlyKickstarted(String transcript) throws Exception {
        install("launchd-first", job);
        var written = Files.getAttribute(file, "unix:ino");

        assertThat(install(transcript, job).notes()).containsExactly("already installed, unchanged");
        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(written);
    }

    @Test
    @DisplayName("A14 a rewritten plist: bootout, wait for its end, bootstrap, and error 5 in between is waited out")
    void a14_rewritten() throws Exception {
        install("launchd-first", job);
        Job upgraded = job("ba9876543210");

        assertThat(install("launchd-rewritten", upgraded).notes()).containsExactly("installed anew: " + file);
        assertThat((Object[]) value(plist(), "ProgramArguments"))
                .containsExactly(upgraded.launcher().toString());
        assertThat(paused)
                .as("once for the end of the old job, once for error 5")
                .isEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"launchd-disabled", "launchd-disabled-older"})
    void aDisabledLabelIsEnabledFirst(String transcript) {
        assertThat(install(transcript, job).notes())
                .containsExactly("installed: " + file, "dev.mlxstack.mlxstackd was disabled; enabled it");
    }

    @Test
    void withoutAGraphicalSessionItIsABackgroundJobOfTheUser() throws Exception {
        assertThat(install("launchd-headless", job).notes())
                .containsExactly(
                        "installed: " + file, "no graphical session: installed in user/501, as a background job");
        assertThat(value(plist(), "LimitLoadToSessionType")).isEqualTo("Background");
    }

    @Test
    void aSessionThatTakesNoJobsIsTakenForNone() throws Exception {
        assertThat(install("launchd-no-domain", job).notes())
                .containsExactly(
                        "installed: " + file,
                        "launchd takes no jobs in gui/501 from here: installed in user/501, as a background job");
        assertThat(value(plist(), "LimitLoadToSessionType")).isEqualTo("Background");
    }

    @Test
    void neverInBothDomains() throws Exception {
        install("launchd-headless", job);
        install("launchd-moves-to-gui", job);
        assertThat(value(plist(), "LimitLoadToSessionType")).isEqualTo("Aqua");
    }

    @Test
    void loadedByItselfMeanwhileIsAsGood() {
        assertThat(install("launchd-loaded-meanwhile", job).notes()).containsExactly("installed: " + file);
    }

    @Test
    void refusedForTenSecondsIsAFailureThatSaysWhatToDo() {
        assertThat(refusal("launchd-refused", job))
                .startsWith("launchd refuses the job: Bootstrap failed: 5: Input/output error.")
                .contains("Login Items");
        assertThat(paused).isEqualTo(Duration.ofMillis(9_500));
    }

    @Test
    void aRefusedUpgradePutsTheOldJobBack() throws Exception {
        install("launchd-first", job);
        assertThat(refusal("launchd-refused-restored", job("ba9876543210")))
                .contains("the job as it was before runs again");
        assertThat((Object[]) value(plist(), "ProgramArguments"))
                .containsExactly(job.launcher().toString());
    }

    @Test
    void uninstallTwice() {
        install("launchd-first", job);
        assertThat(uninstall("launchd-uninstall"))
                .containsExactly("stopped mlxstackd; what it supervised goes on running", "removed " + file);
        assertThat(file).doesNotExist();
        assertThat(uninstall("launchd-uninstall-again")).containsExactly("not installed");
    }

    private List<String> uninstall(String transcript) {
        Transcript commands = new Transcript(transcript, home.toString());
        List<String> notes = launchd(commands)
                .uninstall()
                .getOrElseThrow(failure -> new AssertionError(failure.message()))
                .notes();
        commands.assertOver();
        return notes;
    }

    private Status status(String transcript, Job what) {
        Transcript commands = new Transcript(transcript, home.toString());
        Status status = launchd(commands).status(what);
        commands.assertOver();
        return status;
    }

    @Test
    void statusOfAHealthyJob() {
        install("launchd-first", job);
        Status status = status("launchd-status", job);
        assertThat(status).isEqualTo(new Status("launchd", file.toString(), true, true, true, 4242L, List.of()));
        assertThat(status.healthy()).isTrue();
    }

    @Test
    void statusBeforeTheInstall() {
        Status status = status("launchd-status-absent", job);
        assertThat(status).isEqualTo(new Status("launchd", file.toString(), false, false, false, null, List.of()));
        assertThat(status.healthy()).isFalse();
    }

    @Test
    void statusNamesEverythingThatIsWrong() {
        install("launchd-first", job);
        Status status = status("launchd-status-poorly", job("ba9876543210"));
        assertThat(status.current()).isFalse();
        assertThat(status.pid()).isNull();
        assertThat(status.findings())
                .satisfiesExactly(
                        f -> assertThat(f).contains("is not what this version installs"),
                        f -> assertThat(f).startsWith("disabled"),
                        f -> assertThat(f).contains("78"),
                        f -> assertThat(f)
                                .isEqualTo("runs as daemon (3): model servers are throttled; run: mlxstackctl install"),
                        f -> assertThat(f).contains("38771 times"));
    }

    @Test
    void placesThatMacosGuardsAreToldOf() {
        Path guarded = home.resolve("Documents/mlx");
        Path stack = home.resolve("Desktop/dotfiles/stack.yaml");
        Job there = new Job(guarded.resolve("lib/x/mlxstackd"), guarded, job.javaHome(), List.of(stack));
        assertThat(install("launchd-first", there).notes())
                .anyMatch(n -> n.startsWith(guarded + " lies in ~/Documents, where macOS lets no background job read"))
                .anyMatch(n -> n.startsWith(stack + " lies in ~/Desktop, where macOS lets no background job read"));
    }
}
