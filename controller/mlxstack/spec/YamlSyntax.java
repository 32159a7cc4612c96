package mlxstack.spec;

import java.util.List;
import java.util.Locale;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;

/** A YAML parser's complaint in words that say what to do. */
final class YamlSyntax {

    private YamlSyntax() {}

    static void explain(JacksonException e, String text, Problems problems) {
        if (e.getCause() instanceof MarkedYamlEngineException marked) {
            var mark = marked.getProblemMark().or(marked::getContextMark);
            int line = mark.map(m -> m.getLine() + 1).orElse(1);
            int column = mark.map(m -> m.getColumn() + 1).orElse(1);
            var lines = text.lines().toList();
            var slip = YamlMistakes.find(lines, begin(marked, line), line, blocks(String.valueOf(marked.getProblem())));
            if (slip != null) {
                problems.add(slip.line(), slip.column(), "", "invalid YAML: " + slip.message());
                return;
            }
            var begun = marked.getContextMark()
                    .filter(m -> m.getLine() + 1 != line)
                    .map(m -> " (it began in line %d)".formatted(m.getLine() + 1))
                    .orElse("");
            problems.add(
                    line,
                    column,
                    "",
                    "invalid YAML: " + words(marked, lineOf(lines, line), lineOf(lines, begin(marked, line)), column)
                            + begun);
            return;
        }
        var location = e.getLocation();
        int line = location == null ? 1 : Math.max(1, location.getLineNr());
        int column = location == null ? 1 : Math.max(1, location.getColumnNr());
        var message = plain(String.valueOf(e.getOriginalMessage()));
        problems.add(
                line,
                column,
                "",
                "invalid YAML: "
                        + (message.contains("property name")
                                ? "found a list or a mapping where the name of a field belongs"
                                : message));
    }

    private static int begin(MarkedYamlEngineException e, int line) {
        return e.getContextMark().map(mark -> mark.getLine() + 1).orElse(line);
    }

    /** A mapping or list by indentation was cut short; brackets and quotes have troubles of their own. */
    private static boolean blocks(String problem) {
        return problem.contains("mapping values are not allowed")
                || problem.contains("could not find expected ':'")
                || problem.contains("expected <block end>");
    }

    private static boolean tab(MarkedYamlEngineException e) {
        return String.valueOf(e.getProblem()).contains("TAB");
    }

    /** @param begun the line in which began what the parser was reading */
    private static String words(MarkedYamlEngineException e, String line, String begun, int column) {
        var problem = plain(String.valueOf(e.getProblem()));
        var context = e.getContext() == null ? "" : " " + plain(e.getContext());
        if (tab(e)) {
            return "found a tab; indent with spaces";
        }
        if (context.contains("scanning an alias")) {
            return "found '*', which begins an alias; put the text in quotes";
        }
        if (context.contains("scanning an anchor")) {
            return "found '&', which begins an anchor; put the text in quotes";
        }
        if (context.contains("scanning a tag")) {
            return "found '!', which begins a tag; put the text in quotes";
        }
        if (problem.contains("mapping values are not allowed")) {
            return "found a ':' where no field can begin; check the indentation, and put text that holds ': ' in quotes";
        }
        if (problem.contains("could not find expected ':'")) {
            return "expected ':' after a field's name; check the indentation";
        }
        if (problem.contains("cannot start any token")) {
            int at = line.offsetByCodePoints(0, Math.min(column - 1, line.codePointCount(0, line.length())));
            boolean shown = at < line.length() && "@`%".indexOf(line.charAt(at)) >= 0;
            return "found %s, which cannot begin a value; put the text in quotes"
                    .formatted(shown ? "'" + line.charAt(at) + "'" : "a character");
        }
        if (problem.contains("unexpected end of stream") && context.contains("quoted")) {
            return "found the end of the file within quotes; a closing quote is missing";
        }
        if (problem.contains("expected <block end>")) {
            return line.isBlank()
                    ? "found the end of something that was never begun; check the indentation"
                    : "this line is indented differently from those it belongs to; check the indentation";
        }
        if (problem.contains("expected ',' or")) {
            return problem.replaceAll(", but got.*", "") + "; a bracket or a comma is missing"
                    + (begun.contains(" #") ? " ('#' after a space begins a comment)" : "");
        }
        return problem + context;
    }

    /** One line, without the parser's picture of the source (which may show a secret). */
    private static String plain(String message) {
        var first = message.lines().findFirst().orElse("").strip();
        var cut = first.length() <= 160 ? first : first.substring(0, 160) + "…";
        return cut.isEmpty() ? "cannot be read" : cut.substring(0, 1).toLowerCase(Locale.ROOT) + cut.substring(1);
    }

    private static String lineOf(List<String> lines, int line) {
        return line <= lines.size() ? lines.get(line - 1) : "";
    }
}
