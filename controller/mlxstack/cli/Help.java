package mlxstack.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Help texts: what it does, examples, options, usage. */
final class Help {

    private Help() {}

    static String overview() {
        var out = new StringBuilder("mlxstackctl keeps a stack of local model servers running, as one file says.\n");
        for (var group : Verbs.Group.values()) {
            out.append('\n').append(group.title()).append(":\n");
            for (var verb : Verbs.ALL) {
                if (verb.group() == group) {
                    out.append("  %-14s %s\n".formatted(verb.name(), verb.summary()));
                }
            }
        }
        return out.append("""

                        Usage:
                          mlxstackctl VERB [NAME...] [options]

                        Use "mlxstackctl VERB --help" for more about a verb.
                        """).toString();
    }

    static String of(CommandSpec spec, String path) {
        var usage = spec.usageMessage();
        var out = new StringBuilder();
        out.append(String.join("\n", usage.header())).append(".\n");
        if (usage.description().length > 0) {
            out.append('\n').append(String.join("\n", usage.description())).append('\n');
        }
        if (usage.footer().length > 0) {
            out.append("\nExamples:\n");
            for (String line : usage.footer()) {
                out.append("  ").append(line).append('\n');
            }
        }
        if (!spec.subcommands().isEmpty()) {
            out.append("\nCommands:\n");
            spec.subcommands()
                    .forEach((name, sub) -> out.append("  %-12s %s\n"
                            .formatted(
                                    name,
                                    String.join(
                                            " ",
                                            sub.getCommandSpec().usageMessage().header()))));
        }
        var rows =
                spec.options().stream().filter(o -> !o.hidden()).map(Help::row).toList();
        if (!rows.isEmpty()) {
            out.append("\nOptions:\n");
            int width = rows.stream().mapToInt(r -> r.getFirst().length()).max().orElse(0);
            rows.forEach(r -> out.append("  %s   %s\n"
                    .formatted(r.getFirst() + " ".repeat(width - r.getFirst().length()), r.getLast())));
        }
        out.append("\nUsage:\n  ").append(usage(spec, path)).append('\n');
        return out.toString();
    }

    static String usage(CommandSpec spec, String path) {
        var words = new ArrayList<>(List.of("mlxstackctl", path));
        if (!spec.subcommands().isEmpty()) {
            words.add("COMMAND");
        }
        spec.positionalParameters().forEach(p -> {
            String label = p.paramLabel() + (p.arity().max() > 1 ? "..." : "");
            words.add(p.arity().min() == 0 ? "[" + label + "]" : label);
        });
        if (spec.options().stream().anyMatch(o -> !o.hidden())) {
            words.add("[options]");
        }
        return String.join(" ", words);
    }

    /** Its names with the value it takes, and what it means. */
    static List<String> row(OptionSpec option) {
        String shortest = option.shortestName();
        String longest = option.longestName();
        String names = shortest.equals(longest)
                ? (longest.length() > 2 ? "    " + longest : longest)
                : shortest + ", " + longest;
        boolean takesValue = option.arity().max() > 0;
        String label = longest.length() > 2 ? "=" + option.paramLabel() : " " + option.paramLabel();
        return List.of(names + (takesValue ? label : ""), String.join(" ", Arrays.asList(option.description())));
    }
}
