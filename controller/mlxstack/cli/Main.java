package mlxstack.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import mlxstack.api.Changes;
import mlxstack.api.CliHandler;
import mlxstack.store.Home;

/** The command line in a JVM of its own: for verbs that need no daemon, and when there is none. */
public final class Main {

    private Main() {}

    public static void main(String[] args) throws InterruptedException {
        System.exit(run(List.of(args), System.getenv(), System.out, System.err));
    }

    static int run(List<String> args, Map<String, String> environment, PrintStream out, PrintStream err)
            throws InterruptedException {
        String first = args.isEmpty() ? "help" : args.getFirst();
        var verb = Verbs.named(first.equals("--version") ? "version" : first);
        boolean help = args.contains("--help") || args.contains("-h");
        if (verb != null && !verb.alone() && !help) {
            err.println("error: mlxstackd is not running; start it with `mlxstackctl up`");
            return 1;
        }
        var home = Home.of(environment, Path.of(System.getProperty("user.home")));
        var plane = new Absent(home.root());
        String columns = environment.getOrDefault("MLXSTACK_COLUMNS", "0");
        int width = columns.matches("[0-9]{1,4}") ? Integer.parseInt(columns) : 0;
        var request = new CliHandler.Request(args, System.getProperty("user.dir"), width, environment, null);
        var session = new Session(
                request, new Streams(out, err), plane, new Changes(plane, 1, 1), Style.of(width, environment));
        return Shell.run(session);
    }

    /** Prints as it comes. */
    private record Streams(PrintStream out, PrintStream err) implements CliHandler.Output {

        @Override
        public void out(String text) {
            out(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void out(byte[] bytes) {
            out.writeBytes(bytes);
        }

        @Override
        public void err(String line) {
            err.println(line);
        }

        @Override
        public void flush() {
            out.flush();
        }

        @Override
        public void ask(String question) {
            err.println(question + " Say so with --yes.");
        }
    }
}
