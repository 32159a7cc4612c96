package mlxstack.harness;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What one tool is to be told.
 *
 * @param notes what a person should know: limits, what is not known, what is left to do by hand
 * @param checks command lines that show whether it works
 */
public record Recipe(List<Part> parts, List<Variable> variables, List<String> notes, List<String> checks) {

    public Recipe {
        parts = List.copyOf(parts);
        variables = List.copyOf(variables);
        notes = List.copyOf(notes);
        checks = List.copyOf(checks);
    }

    /** The one that matters most. */
    public Path file() {
        return parts.getFirst().file();
    }

    /**
     * What is to be in one file.
     *
     * @param file as the tool names it, links unresolved
     * @param wanted as {@link Merge} takes it
     */
    record Part(Path file, Notation notation, Map<String, Object> wanted) {}

    /**
     * An environment variable that the tool's process needs.
     *
     * @param value as a shell writes it; a secret only ever by another variable
     */
    public record Variable(String name, String value, String why) {}
}
