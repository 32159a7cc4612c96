package mlxstack.cli;

import picocli.CommandLine.Command;

@Command(
        name = "uninstall",
        header = "No longer start the daemon at login",
        description = {
            "Stops the daemon and takes the login service's file away. Processes run on, with nobody to restart them,",
            "until the next 'mlxstackctl up' takes them over. To stop them too, run 'mlxstackctl down' first.",
            "The home stays as it is."
        },
        footer = "mlxstackctl uninstall")
final class UninstallVerb implements Action {

    private final Login.Opener opener;

    UninstallVerb() {
        this(Login::ofMachine);
    }

    UninstallVerb(Login.Opener opener) {
        this.opener = opener;
    }

    @Override
    public int run(Session session) throws InterruptedException {
        var done = opener.open(session).autostart().uninstall();
        if (done.isLeft()) {
            return session.fail(done.getLeft().message());
        }
        for (String note : done.get().notes()) {
            session.line(note);
        }
        return 0;
    }
}
