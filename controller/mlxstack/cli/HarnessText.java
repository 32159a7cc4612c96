package mlxstack.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import mlxstack.harness.Facts;
import mlxstack.harness.Harness;
import mlxstack.harness.Model;
import mlxstack.harness.Recipe;
import mlxstack.harness.Role;
import mlxstack.harness.Work;

/** What a tool would be told, for people. Stateless. */
final class HarnessText {

    private HarnessText() {}

    static String of(Harness harness, Facts facts, Recipe recipe, Function<Path, String> shown) {
        var text = new StringBuilder(new Blocks()
                .put("Tool", harness.title())
                .put("Asks", facts.root() + harness.dialect().path())
                .put("Key", facts.keyName() == null ? "none is asked for" : "in the variable " + facts.keyName())
                .toString());
        var rows = new ArrayList<List<String>>();
        for (Role role : harness.roles()) {
            Model model = facts.model(role);
            rows.add(
                    model == null
                            ? List.of(role.word(), "-", "", "", role.meaning())
                            : List.of(
                                    role.word(),
                                    model.name(),
                                    model.window() == null ? "?" : Figures.count(model.window()),
                                    model.output() == null ? "?" : Figures.count(model.output()),
                                    role.meaning()));
        }
        text.append('\n').append(Blocks.table("Roles", List.of("ROLE", "MODEL", "WINDOW", "OUTPUT", "FOR"), rows));
        var from = new ArrayList<String>();
        for (Model model : facts.models()) {
            from.add("  " + model.name() + ": " + model.from() + "\n");
        }
        text.append("\nWindows:\n");
        from.forEach(text::append);
        Work.fragments(recipe)
                .forEach((file, fragment) -> text.append('\n')
                        .append(shown.apply(file))
                        .append(":\n")
                        .append(fragment.indent(2)));
        if (!recipe.variables().isEmpty()) {
            text.append("\nEnvironment:\n");
            for (Recipe.Variable variable : recipe.variables()) {
                text.append("  export ")
                        .append(variable.name())
                        .append('=')
                        .append(variable.value())
                        .append("   # ")
                        .append(variable.why())
                        .append('\n');
            }
        }
        section(text, "Notes", "- ", recipe.notes());
        section(text, "Check", "", recipe.checks());
        return text.toString();
    }

    private static void section(StringBuilder text, String heading, String mark, List<String> lines) {
        if (!lines.isEmpty()) {
            text.append('\n').append(heading).append(":\n");
            lines.forEach(line -> text.append("  ").append(mark).append(line).append('\n'));
        }
    }
}
