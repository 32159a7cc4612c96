package mlxstack.cli;

import io.vavr.control.Either;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import mlxstack.setup.ConfigKey;
import mlxstack.setup.Configuration.Entry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "config",
        header = "Show and change settings by mlx-stack's names",
        description = {
            "Each setting lives where it belongs: in the stack file if there is one and it has a word for it, else in",
            "settings.yaml of the home; a key of a provider in its env file, which only you may read."
        },
        subcommands = {ConfigVerb.Get.class, ConfigVerb.Set.class, ConfigVerb.Show.class, ConfigVerb.Reset.class},
        footer = {"mlxstackctl config list", "mlxstackctl config set memory-budget-pct 60"})
final class ConfigVerb implements Action {

    @Override
    public int run(Session session) throws InterruptedException {
        session.output().out(Help.of(Shell.commandLine(this).getCommandSpec(), "config"));
        return 1;
    }

    private static Either<String, ConfigKey> key(String word) {
        return ConfigKey.named(word)
                .<Either<String, ConfigKey>>map(Either::right)
                .orElseGet(() -> Either.left("no setting is called \"%s\"%s; there are: %s"
                        .formatted(
                                word,
                                Nearest.hint(word, ConfigKey.names().stream()),
                                String.join(", ", ConfigKey.names()))));
    }

    @Command(
            name = "get",
            header = "Print one setting",
            description = "Prints the value and nothing else. Keys are never printed, only whether there is one: ****.",
            footer = "mlxstackctl config get litellm-port")
    static final class Get implements Action {

        @Parameters(paramLabel = "KEY")
        String word = "";

        @Override
        public int run(Session session) throws InterruptedException {
            var entry = key(word).flatMap(key -> Configured.of(session, false).get(key));
            if (entry.isLeft()) {
                return session.fail(entry.getLeft());
            }
            String value = entry.get().value();
            if (value == null) {
                session.output().err(word + " is not set");
                return 1;
            }
            session.line(value);
            return 0;
        }
    }

    @Command(
            name = "set",
            header = "Change one setting",
            description = {
                "Comments and order of a stack file stay as they are, and it is not changed into one that is not valid.",
                "A VALUE of - is read from standard input, so that a key is in no shell's history."
            },
            footer = {
                "mlxstackctl config set litellm-port 4100",
                "mlxstackctl config set openrouter-key - < key.txt",
                "mlxstackctl config set openrouter-key - --keychain < key.txt"
            })
    static final class Set implements Action {

        private final Supplier<InputStream> input;

        @Parameters(index = "0", paramLabel = "KEY")
        String word = "";

        @Parameters(index = "1", paramLabel = "VALUE")
        String value = "";

        @Option(names = "--keychain", description = "Keep a key in the keychain of macOS")
        boolean keychain;

        Set() {
            this(() -> System.in);
        }

        Set(Supplier<InputStream> input) {
            this.input = input;
        }

        @Override
        public int run(Session session) throws InterruptedException {
            var key = key(word);
            if (key.isLeft()) {
                return session.fail(key.getLeft());
            }
            String given = value;
            if (value.equals("-")) {
                try {
                    // The stream is the process's own: whoever gave it closes it.
                    var line =
                            new BufferedReader(new InputStreamReader(input.get(), StandardCharsets.UTF_8)).readLine();
                    given = line == null ? "" : line;
                } catch (IOException e) {
                    return session.fail("standard input cannot be read: " + e.getMessage());
                }
            }
            if (key.get() == ConfigKey.MODEL_DIR && !given.isBlank()) {
                given = session.resolve(given).toString();
            }
            var where = Configured.of(session, keychain).set(key.get(), given);
            if (where.isLeft()) {
                return session.fail(where.getLeft());
            }
            session.line("%s%s set in %s".formatted(word, key.get().secret() ? "" : " " + given, where.get()));
            return 0;
        }
    }

    @Command(
            name = "list",
            header = "Print all settings",
            description = "With where each of them is set.",
            footer = {"mlxstackctl config list", "mlxstackctl config list -o json"})
    static final class Show implements Action {

        @Option(
                names = {"-o", "--output"},
                paramLabel = "FORMAT",
                description = "table (else) or json")
        String output = "table";

        @Override
        public int run(Session session) throws InterruptedException {
            if (!List.of("table", "json").contains(output)) {
                return session.fail("valid -o are: table, json; found \"" + output + "\"");
            }
            var entries = Configured.of(session, false).list();
            if (entries.isLeft()) {
                return session.fail(entries.getLeft());
            }
            if (output.equals("json")) {
                var document = JsonMapper.shared().createObjectNode();
                var items = document.putArray("items");
                entries.get()
                        .forEach(entry -> items.addObject()
                                .put("key", entry.key().text())
                                .put("value", entry.value())
                                .put("source", entry.source()));
                session.output().out(Printers.json(document));
                return 0;
            }
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("KEY", "VALUE", "SOURCE"));
            for (Entry entry : entries.get()) {
                String value = entry.value();
                rows.add(List.of(entry.key().text(), value == null ? "-" : value, entry.source()));
            }
            session.output().out(TableText.of(rows));
            return 0;
        }
    }

    @Command(
            name = "reset",
            header = "Take all settings back",
            description = {
                "Removes settings.yaml, the key, and from the stack file what config can set there. The rest of it stays."
            },
            footer = "mlxstackctl config reset --yes")
    static final class Reset implements Action {

        @Option(
                names = {"-y", "--yes", "--force"},
                description = "Without asking")
        boolean yes;

        @Override
        public int run(Session session) throws InterruptedException {
            if (!yes) {
                return session.fail("this takes back every setting and removes the key; say so with --yes");
            }
            var places = Configured.of(session, false).reset();
            if (places.isLeft()) {
                return session.fail(places.getLeft());
            }
            if (places.get().isEmpty()) {
                session.line("nothing was set");
            }
            for (String place : places.get()) {
                session.line("reset in " + place);
            }
            return 0;
        }
    }
}
