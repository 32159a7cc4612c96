package mlxstack.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Values that are well-formed and cannot be meant: variables nobody expands, command lines in one piece, a few bytes. */
final class ValueRules {

    private static final Pattern VARIABLE = Pattern.compile("\\$(\\{[A-Za-z_][A-Za-z0-9_]*}|[A-Z_][A-Z0-9_]*)");
    private static final Pattern LEADING = Pattern.compile("\\$\\{?([A-Za-z_][A-Za-z0-9_]*)}?(.*)", Pattern.DOTALL);
    private static final long LEAST = 1L << 20;

    private final Problems problems;

    private ValueRules(Problems problems) {
        this.problems = problems;
    }

    static void check(Cursor spec, Problems problems) {
        var rules = new ValueRules(problems);
        var memory = spec.field("memory");
        rules.amount(memory.field("budget"), "%");
        rules.amount(memory.field("reserve"), "Gi");
        rules.variables(spec.field("defaults").field("env"));
        for (var workload : SemanticRules.workloads(spec)) {
            rules.amount(workload.field("memory"), "Gi");
            rules.variables(workload.field("env"));
            rules.path(workload.field("model"));
            rules.path(workload.field("workingDirectory"));
            workload.field("envFrom").items().forEach(item -> rules.path(item.field("file")));
            workload.field("restartTriggers").items().forEach(rules::path);
            commands(workload).forEach(rules::command);
        }
    }

    private static List<Cursor> commands(Cursor workload) {
        var all = new ArrayList<>(List.of(
                workload.field("command"),
                workload.field("preStop").field("exec").field("command"),
                workload.field("reload").field("exec").field("command")));
        Stream.of("startup", "readiness", "liveness")
                .map(which ->
                        workload.field("probes").field(which).field("exec").field("command"))
                .forEach(all::add);
        return all;
    }

    /** Nothing that holds a model, or leaves room for one, has less; a unit was forgotten. */
    private void amount(Cursor at, String unit) {
        var text = at.amount();
        if (text == null) {
            return;
        }
        var bytes = Quantities.bytes(text);
        if (bytes != null && bytes > 0 && bytes < LEAST) {
            boolean plain = text.chars().allMatch(Character::isDigit);
            boolean percent = unit.equals("%") && bytes <= 100;
            problems.add(
                    at,
                    plain
                            ? "found %s, which is %s bytes; expected at least 1Mi: write %s%s if that is meant"
                                    .formatted(text, text, text, percent ? "%" : "Gi")
                            : "found %s; expected at least 1Mi".formatted(Found.quoted(text)));
        }
    }

    private void variables(Cursor env) {
        env.fields().forEach((name, at) -> {
            var text = at.text("");
            if (VARIABLE.matcher(text).matches()) {
                var variable = text.replaceAll("[${}]", "");
                problems.add(
                        at,
                        "found %s, and nothing is expanded here; expected the text itself, or a reference: write {env: %s}"
                                .formatted(Found.quoted(text), variable));
            } else if (name.equals("PATH") && (text.contains("$") || text.startsWith("~") || text.contains(":~"))) {
                problems.add(
                        at,
                        "found %s in PATH; expected whole paths, separated by ':'; nothing is expanded here"
                                .formatted(text.contains("$") ? "a '$'" : "a '~'"));
            }
        });
    }

    private void path(Cursor at) {
        var text = at.text("");
        var leading = LEADING.matcher(text);
        if (leading.matches()) {
            problems.add(
                    at,
                    "found %s, and no variable is expanded here; %s"
                            .formatted(
                                    Found.quoted(text),
                                    leading.group(1).equals("HOME")
                                            ? "write ~" + leading.group(2)
                                            : "write the path out, from / or ~/ or this file's directory"));
        }
    }

    private void command(Cursor at) {
        var words = at.items();
        var program = words.isEmpty() ? "" : words.getFirst().text("");
        if (LEADING.matcher(program).matches()) {
            path(words.getFirst());
        } else if (words.size() == 1 && program.contains(" ") && (!program.contains("/") || program.contains(" -"))) {
            var list = Words.list(program, true);
            problems.add(
                    words.getFirst(),
                    "found %s as the name of a program; expected its arguments as items of their own%s"
                            .formatted(Found.quoted(program), list == null ? "" : ": write " + list));
        }
    }
}
