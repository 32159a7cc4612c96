package mlxstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.control.Either;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mlxstack.api.Changes;
import mlxstack.api.CliHandler;
import mlxstack.api.DaemonInfo.StartedBy;
import mlxstack.autostart.Autostart;
import mlxstack.autostart.Job;
import mlxstack.store.Home;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginVerbsTest {

    private static final Daemons.Running TERMINAL = new Daemons.Running(500, StartedBy.TERMINAL);
    private static final Daemons.Running SERVICE = new Daemons.Running(600, StartedBy.SYSTEMD);

    /** A login service, the daemons it would run, and a clock; in one place because they act on each other. */
    private static final class Machine implements Autostart, Daemons {

        final List<String> did = new ArrayList<>();
        Either<Failure, Done> answer = Either.right(new Done(List.of("installed: /file")));
        Status status = new Status("systemd", "/file", true, true, true, 600L, List.of());

        @Nullable
        Running running;

        boolean stubborn;
        boolean starts = true;
        private boolean waits;
        Duration slept = Duration.ZERO;

        @Override
        public Either<Failure, Done> install(Job what) {
            did.add("install " + what.launcher());
            if (answer.isRight() && starts) {
                waits = true;
            }
            return answer;
        }

        @Override
        public Either<Failure, Done> uninstall() {
            did.add("uninstall");
            return answer;
        }

        @Override
        public Status status(@Nullable Job what) {
            return status;
        }

        @Override
        public @Nullable Running running() {
            return running;
        }

        @Override
        public void end(Running daemon) {
            did.add("end " + daemon.pid());
            if (!stubborn) {
                running = null;
            }
        }

        /** As time passes the lock goes to whoever waits for it. */
        void passes(Duration time) {
            slept = slept.plus(time);
            if (running == null && waits) {
                running = SERVICE;
            }
        }
    }

    @TempDir
    private Path work;

    private final Machine machine = new Machine();
    private final Map<String, String> environment = new HashMap<>(Map.of("PATH", "/opt/bin:/bin", "USER", "ada"));
    private final StringBuilder out = new StringBuilder();
    private final StringBuilder err = new StringBuilder();
    private Home home;

    private @Nullable Job job;

    @BeforeEach
    void home() {
        home = new Home(work.resolve("home"));
        job = new Job(home.lib().resolve("0123456789ab/mlxstackd"), home.root(), Path.of("/jdk"), List.of());
    }

    private Login open(Session session) {
        return new Login(home, job, machine, machine, machine::passes);
    }

    private int run(Action action) throws InterruptedException {
        out.setLength(0);
        err.setLength(0);
        var plane = new Absent(home.root());
        var request = new CliHandler.Request(List.of(), "/", 0, environment, null);
        return action.run(new Session(request, new Output(), plane, new Changes(plane, 1, 1), new Style(false)));
    }

    private final class Output implements CliHandler.Output {
        @Override
        public void out(String text) {
            out.append(text);
        }

        @Override
        public void out(byte[] bytes) {
            throw new AssertionError("text only");
        }

        @Override
        public void err(String line) {
            err.append(line).append('\n');
        }

        @Override
        public void flush() {}

        @Override
        public void ask(String question) {
            throw new AssertionError(question);
        }
    }

    private int install() throws InterruptedException {
        return run(new InstallVerb(this::open));
    }

    private int status() throws InterruptedException {
        var verb = new InstallVerb(this::open);
        verb.status = true;
        return run(verb);
    }

    @Test
    void withoutADaemonItIsInstalledAndStarts() throws Exception {
        assertThat(install()).isZero();
        assertThat(out).asString().isEqualTo("installed: /file\nmlxstackd runs (pid 600)\n");
        assertThat(machine.did).containsExactly("install " + home.lib() + "/0123456789ab/mlxstackd");
    }

    @Test
    @DisplayName("the PATH of install is recorded where that of up is")
    void pathIsRecorded() throws Exception {
        install();
        assertThat(home.recordedPath()).contains("/opt/bin:/bin");
        assertThat(Files.getPosixFilePermissions(home.root())).hasSize(3);
    }

    @Test
    void aDaemonFromATerminalHandsOverAfterTheServiceIsInstalled() throws Exception {
        machine.running = TERMINAL;
        assertThat(install()).isZero();
        assertThat(machine.did).containsExactly("install " + home.lib() + "/0123456789ab/mlxstackd", "end 500");
        assertThat(out)
                .asString()
                .endsWith("mlxstackd (pid 600) took over from the one started in a terminal (pid 500);"
                        + " what it supervised ran on\n");
    }

    @Test
    void anInstallationThatFailsLeavesTheOldDaemonAlone() throws Exception {
        machine.running = TERMINAL;
        machine.answer = Either.left(new Autostart.Failure("no bus; log in"));
        assertThat(install()).isEqualTo(1);
        assertThat(machine.did).hasSize(1);
        assertThat(machine.running).isEqualTo(TERMINAL);
        assertThat(err).asString().isEqualTo("error: no bus; log in\n");
    }

    @Test
    void aDaemonThatDoesNotEndIsNamed() throws Exception {
        machine.running = TERMINAL;
        machine.stubborn = true;
        assertThat(install()).isEqualTo(1);
        assertThat(machine.did).as("asked once").containsOnlyOnce("end 500");
        assertThat(machine.slept).isEqualTo(Duration.ofMinutes(1));
        assertThat(err).asString().contains("started in a terminal (pid 500) does not end");
    }

    @Test
    void aServiceThatDoesNotComeUpIsAFailure() throws Exception {
        machine.starts = false;
        assertThat(install()).isEqualTo(1);
        assertThat(err)
                .asString()
                .isEqualTo("error: installed, but mlxstackd does not answer;"
                        + " `mlxstackctl install --status` may say why\n");
    }

    @Test
    void aDaemonThatDoesNotSayWhoItIsIsNotSignalled() throws Exception {
        machine.running = new Daemons.Running(0, null);
        assertThat(install()).isEqualTo(1);
        assertThat(machine.did).hasSize(1);
        assertThat(err).asString().contains("a daemon of another version");
    }

    @Test
    void againIsNoHarmAndTellsOfAChangedPath() throws Exception {
        install();
        machine.answer = Either.right(new Autostart.Done(List.of("already installed, unchanged")));
        assertThat(install()).isZero();
        assertThat(out).asString().isEqualTo("already installed, unchanged\nmlxstackd runs (pid 600)\n");
        environment.put("PATH", "/other");
        assertThat(install()).isZero();
        assertThat(out)
                .asString()
                .endsWith("the PATH of this terminal is recorded; processes get it once `mlxstackctl up` has run\n");
        assertThat(home.recordedPath()).contains("/other");
    }

    @Test
    void neverForRootAndNeverWithoutItsLauncher() throws Exception {
        job = null;
        assertThat(install()).isEqualTo(1);
        assertThat(err).asString().contains("run it by the launcher");
        environment.put("SUDO_UID", "501");
        assertThat(install()).isEqualTo(1);
        assertThat(err).asString().contains("without sudo");
        assertThat(machine.did).isEmpty();
        assertThat(home.root()).doesNotExist();
    }

    @Test
    void statusOfWhatIsWell() throws Exception {
        assertThat(status()).isZero();
        assertThat(out).asString().isEqualTo("""
                Manager:  systemd
                File:     /file
                Loaded:   yes
                Daemon:   pid 600
                """);
        assertThat(home.root()).doesNotExist();
    }

    @Test
    void statusOfWhatIsNot() throws Exception {
        machine.status =
                new Autostart.Status("launchd", "/file", true, false, false, null, List.of("disabled: run install"));
        assertThat(status()).isEqualTo(1);
        assertThat(out).asString().isEqualTo("""
                Manager:  launchd
                File:     /file
                Loaded:   no
                Daemon:   does not run by it
                warning: disabled: run install
                """);
        machine.status = new Autostart.Status("launchd", "/file", false, true, false, null, List.of());
        assertThat(status()).isEqualTo(1);
        assertThat(out).asString().startsWith("not installed;");
    }

    @Test
    void uninstallPrintsWhatWasDone() throws Exception {
        machine.answer = Either.right(new Autostart.Done(List.of("stopped mlxstackd", "removed /file")));
        assertThat(run(new UninstallVerb(this::open))).isZero();
        assertThat(out).asString().isEqualTo("stopped mlxstackd\nremoved /file\n");
        machine.answer = Either.left(new Autostart.Failure("it does not end"));
        assertThat(run(new UninstallVerb(this::open))).isEqualTo(1);
        assertThat(err).asString().isEqualTo("error: it does not end\n");
    }

    @Test
    void theDoctorLooksAtItToo() throws Exception {
        home.create();
        run(new DoctorVerb(this::open));
        assertThat(out).asString().contains("ok    login          run by systemd, pid 600\n");
        machine.status = new Autostart.Status("systemd", "/file", true, true, true, null, List.of("it is failed"));
        run(new DoctorVerb(this::open));
        assertThat(out).asString().contains("warn  login          it is failed\n");
        machine.status = new Autostart.Status("systemd", "/file", false, true, false, null, List.of());
        run(new DoctorVerb(this::open));
        assertThat(out).asString().contains("ok    login          does not start at login");
    }
}
