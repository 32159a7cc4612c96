package mlxstack.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "version", header = "Print the version", footer = "mlxstackctl version")
final class VersionVerb implements Action {

    @Option(names = "--client", description = "Accepted for kubectl's sake")
    boolean client;

    @Override
    public int run(Session session) throws InterruptedException {
        session.line("mlxstack " + session.plane().daemon().version() + " (Java "
                + Runtime.version().feature() + ")");
        return 0;
    }
}
