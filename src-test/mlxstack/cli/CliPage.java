package mlxstack.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import mlxstack.api.Kind;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Writes {@code docs/cli.md}: an introduction written by hand, then what the verbs say of themselves. Only the exit codes
 * are kept here. Confined to one thread.
 */
final class CliPage {

    /** What each verb's exit codes mean, beyond the common ones. */
    static final Map<String, String> EXITS = new LinkedHashMap<>();

    static {
        EXITS.put("get", "1: no such name or kind");
        EXITS.put("describe", "1: no such name or kind");
        EXITS.put("status", "0: all that should run is Ready; 1: something is not");
        EXITS.put("logs", "1: no such process, or nothing is kept of that launch");
        EXITS.put("events", "");
        EXITS.put("usage", "1: the ledger cannot be read");
        EXITS.put("setup", "1: something is not as it should be, and was said; what was done stays done");
        EXITS.put("bench", "1: it could not be measured, or with `--check` something is a FAIL");
        EXITS.put("decisions", "1: the ledger cannot be read");
        EXITS.put("why", "1: no such process");
        EXITS.put("explain", "1: without a command");
        EXITS.put("explain route", "0: it would go somewhere; 1: it would be refused, or there is no such key");
        EXITS.put("wait", "0: it is so; 1: time up, or no such thing");
        EXITS.put(
                "up",
                "0: all is Ready; 1: something cannot become Ready, time up, or the file is invalid, missing or held");
        EXITS.put("down", "0: all has ended; 1: time up");
        EXITS.put("start", "1: no such process; with --wait: time up");
        EXITS.put("stop", "1: no such process, or it did not end in its grace period and 30 s more");
        EXITS.put("restart", "1: no such process; with --wait: time up");
        EXITS.put("suspend", "1: no such process");
        EXITS.put("resume", "1: no such process");
        EXITS.put(
                "diff", "0: nothing would change; 1: something would; 2: no valid stack, a wrong option, or no daemon");
        EXITS.put("apply", "0: in force (with --dry-run: valid); 1: refused, or held until confirmed");
        EXITS.put("rollout", "1: without a command");
        EXITS.put("rollout status", "0: in force and Ready; 1: deadline or time up");
        EXITS.put("rollout history", "1: no such process or revision");
        EXITS.put("rollout undo", "1: no such process or revision");
        EXITS.put("rollout restart", "1: no such process");
        EXITS.put("schema", "1: no such file");
        EXITS.put("pull", "0: it is here whole; 1: it is not, what has come is kept");
        EXITS.put("harness", "1: without a command");
        EXITS.put("harness list", "1: no valid stack file");
        EXITS.put("harness show", "1: no such tool, model, role or key, or no valid stack file");
        EXITS.put(
                "harness apply",
                "0: written, or nothing to write; 1: not; with --diff 0: nothing would change, 1: something would");
        EXITS.put("models", "1: options that do not go together, or no such family, tag or machine");
        EXITS.put("models describe", "1: no such model or machine");
        EXITS.put("models show", "as `models describe`");
        EXITS.put("models verify", "1: a file is missing, or is not what was published");
        EXITS.put("models rm", "1: one was not removed");
        EXITS.put("recommend", "1: nothing fits, or no such machine, intent or role");
        EXITS.put("import", "1: nothing to import, or a stack file is there already");
        EXITS.put("config", "1: without a command");
        EXITS.put("config get", "1: no such setting, or it is not set");
        EXITS.put("config set", "1: no such setting or value, or the stack file would not be valid");
        EXITS.put("config list", "");
        EXITS.put("config reset", "1: without --yes, or something cannot be written");
        EXITS.put("doctor", "0: nothing is wrong; 1: something is");
        EXITS.put("install", "0: done (with --status: all is well); 1: not");
        EXITS.put("uninstall", "1: the login service did not let go");
        EXITS.put("replay", "0: every decision is the same; 1: one differs, or the journal cannot be read");
        EXITS.put("api-resources", "");
        EXITS.put("completion", "1: no such shell");
        EXITS.put("version", "");
    }

    private final StringBuilder out = new StringBuilder(introduction());

    private CliPage() {}

    static String text() {
        var page = new CliPage();
        page.kinds();
        page.overview();
        for (var group : Verbs.Group.values()) {
            page.out.append("\n## ").append(group.title()).append('\n');
            for (var verb : Verbs.ALL) {
                if (verb.group() == group) {
                    page.verb(Shell.commandLine(verb.maker().get()).getCommandSpec(), verb.name());
                }
            }
        }
        return page.out.toString();
    }

    private static String introduction() {
        try (var in = CliPage.class.getResourceAsStream("cli.intro.md")) {
            if (in == null) {
                throw new AssertionError("cli.intro.md is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void kinds() {
        out.append("\n## Kinds\n\n| kind | also | objects |\n|---|---|---|\n");
        for (var kind : Kind.values()) {
            String also = java.util.stream.Stream.concat(
                            java.util.stream.Stream.of(kind.singular()), kind.shortNames().stream())
                    .map(word -> "`" + word + "`")
                    .collect(Collectors.joining(", "));
            out.append("| `%s` | %s | %s |\n".formatted(kind.plural(), also, objects(kind)));
        }
    }

    private static String objects(Kind kind) {
        return switch (kind) {
            case STACK -> "the one stack of this home";
            case ENDPOINT -> "model servers, and where each answers";
            case PROCESS -> "everything that is supervised: endpoints, helpers, the gateway";
            case PROVIDER -> "what runs elsewhere; only shown so far";
            case NODE -> "the machine: what it is, and how its memory is doing";
            case EVENT -> "what happened, at most 10,000 of the last seven days";
        };
    }

    private void overview() {
        out.append("\n## All verbs\n\n| verb | what it does | needs the daemon | exit codes of its own |\n");
        out.append("|---|---|---|---|\n");
        for (var verb : Verbs.ALL) {
            var spec = Shell.commandLine(verb.maker().get()).getCommandSpec();
            row(verb.name(), verb.summary(), verb.alone() ? "no" : verb.name().equals("up") ? "starts it" : "yes");
            spec.subcommands()
                    .forEach((name, sub) -> row(
                            verb.name() + " " + name,
                            String.join(" ", sub.getCommandSpec().usageMessage().header()),
                            "yes"));
        }
    }

    private void row(String path, String summary, String daemon) {
        String link = "[`%s`](#%s)".formatted(path, path.replace(' ', '-'));
        out.append("| %s | %s | %s | %s |\n".formatted(link, cell(summary), daemon, EXITS.getOrDefault(path, "?")));
    }

    private void verb(CommandSpec spec, String path) {
        var usage = spec.usageMessage();
        out.append("\n### ")
                .append(path)
                .append("\n\n`")
                .append(Help.usage(spec, path))
                .append("`\n\n");
        out.append(sentences(List.of(usage.header()), usage.description())).append('\n');
        var options = spec.options().stream().filter(o -> !o.hidden()).toList();
        if (!options.isEmpty()) {
            out.append("\n| option | meaning |\n|---|---|\n");
            for (var option : options) {
                var row = Help.row(option);
                out.append("| `%s` | %s |\n".formatted(cell(row.getFirst().strip()), cell(row.getLast())));
            }
        }
        if (usage.footer().length > 0) {
            out.append("\n```sh\n").append(String.join("\n", usage.footer())).append("\n```\n");
        }
        spec.subcommands().forEach((name, sub) -> verb(sub.getCommandSpec(), path + " " + name));
    }

    private static String sentences(List<String> header, String[] description) {
        String first = String.join(" ", header) + ".";
        return description.length == 0 ? first : first + " " + String.join(" ", description);
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }
}
