package mlxstack.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code spec.gateway.complexity}. Stateless. */
final class ComplexityReader {

    /** The least demanding first. */
    static final List<String> LEVELS = List.of("trivial", "simple", "standard", "complex", "expert");

    static final String MODEL = "auto";

    private ComplexityReader() {}

    static @Nullable Complexity read(Cursor at) {
        if (!at.present()) {
            return null;
        }
        var levels = new LinkedHashMap<String, Complexity.Level>();
        at.field("levels")
                .fields()
                .forEach((name, level) -> levels.put(
                        name,
                        new Complexity.Level(
                                level.field("model").text(""),
                                level.field("maxTokens").integer())));
        return new Complexity(
                switch (at.field("mode").text("")) {
                    case "shadow" -> Complexity.Mode.SHADOW;
                    case "on" -> Complexity.Mode.ON;
                    default -> Complexity.Mode.OFF;
                },
                at.field("classifier").text("").equals("text")
                        ? Complexity.Classifier.TEXT
                        : Complexity.Classifier.DECLARED,
                at.field("model").text(MODEL),
                levels,
                roles(at.field("roles"), levels),
                at.field("order").texts());
    }

    private static Map<String, Complexity.Role> roles(Cursor at, Map<String, Complexity.Level> levels) {
        var roles = new LinkedHashMap<String, Complexity.Role>();
        at.fields()
                .forEach((name, role) -> roles.put(
                        name,
                        new Complexity.Role(
                                role.field("level").text(),
                                floor(role.field("floor").text(), levels))));
        return roles;
    }

    static @Nullable String floor(@Nullable String written, @Nullable Complexity complexity) {
        return floor(written, complexity == null ? Map.of() : complexity.levels());
    }

    /** A level stands for its model. */
    private static @Nullable String floor(@Nullable String written, Map<String, Complexity.Level> levels) {
        var level = written == null ? null : levels.get(written);
        return level == null ? written : level.model();
    }
}
