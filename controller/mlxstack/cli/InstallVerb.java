package mlxstack.cli;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import mlxstack.autostart.Autostart;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "install",
        header = "Start the daemon at login, and keep it running",
        description = {
            "Copies this build into the home, writes a LaunchAgent (macOS) or a systemd user unit (Linux), and has it run.",
            "A daemon that was started in a terminal hands over: it ends, what it supervises runs on and is taken over.",
            "Processes get the PATH of this terminal. Repeat it after an upgrade; it restarts only what has changed."
        },
        footer = {"mlxstackctl install", "mlxstackctl install --status"})
final class InstallVerb implements Action {

    @Option(names = "--status", description = "Change nothing; say how things stand. Exits with 1 if not all is well")
    boolean status;

    private final Login.Opener opener;

    InstallVerb() {
        this(Login::ofMachine);
    }

    InstallVerb(Login.Opener opener) {
        this.opener = opener;
    }

    @Override
    public int run(Session session) throws InterruptedException {
        Login login = opener.open(session);
        return status ? status(session, login) : install(session, login);
    }

    private static int install(Session session, Login login) throws InterruptedException {
        Map<String, String> environment = session.request().environment();
        if (!environment.getOrDefault("SUDO_UID", "").isEmpty()) {
            return session.fail("this would install it for root; run it as yourself, without sudo");
        }
        if (login.job() == null) {
            return session.fail("which build to install is not known; run it by the launcher: bin/mlxstackctl install");
        }
        String path = environment.getOrDefault("PATH", "");
        boolean changed;
        try {
            login.home().create();
            changed =
                    !path.isEmpty() && !path.equals(login.home().recordedPath().orElse(""));
            if (changed) {
                login.home().recordPath(path);
            }
        } catch (IOException e) {
            return session.fail("cannot write to " + login.home().root() + ": " + e.getMessage());
        }
        var before = login.daemons().running();
        var done = login.autostart().install(login.job());
        if (done.isLeft()) {
            return session.fail(done.getLeft().message());
        }
        for (String note : done.get().notes()) {
            session.line(note);
        }
        session.output().flush();
        var answer = new Handover(login.daemons(), login.pause()).run();
        if (answer.isLeft()) {
            return session.fail(answer.getLeft());
        }
        session.line(answer.get());
        if (changed && before != null && Objects.equals(before, login.daemons().running())) {
            session.line("the PATH of this terminal is recorded; processes get it once `mlxstackctl up` has run");
        }
        return 0;
    }

    private static int status(Session session, Login login) throws InterruptedException {
        Autostart.Status status = login.autostart().status(login.job());
        if (!status.installed() && !status.loaded()) {
            session.line("not installed; mlxstackctl install starts the daemon at login");
            return 1;
        }
        var blocks = new Blocks()
                .put("Manager", status.manager())
                .put("File", status.file() + (status.installed() ? "" : "  (is not there)"))
                .put("Loaded", status.loaded() ? "yes" : "no")
                .put("Daemon", status.pid() == null ? "does not run by it" : "pid " + status.pid());
        session.output().out(blocks.toString());
        for (String finding : status.findings()) {
            session.line(session.style().yellow("warning: ") + finding);
        }
        return status.healthy() ? 0 : 1;
    }
}
