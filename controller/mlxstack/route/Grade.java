package mlxstack.route;

import java.util.ArrayList;
import java.util.List;
import mlxstack.spec.Complexity;
import org.jspecify.annotations.Nullable;

/**
 * How hard a request is taken to be.
 *
 * @param level one of {@link Levels#ALL}
 * @param score of the text; null when it was not looked at
 * @param signals what spoke for it, such as {@code revision_history}
 */
public record Grade(String level, @Nullable Double score, List<String> signals) {

    static final String ROLE = "agent_role";

    public Grade {
        signals = List.copyOf(signals);
    }

    /** A role with a level of its own needs no other signal. */
    static Grade of(Complexity complexity, Ask ask) {
        String name = ask.context().get(ROLE);
        var role = name == null ? null : complexity.roles().get(name);
        var level = role == null ? null : role.level();
        if (level != null) {
            return new Grade(level, null, List.of("role:" + name));
        }
        return switch (complexity.classifier()) {
            case DECLARED -> Declared.grade(ask.context());
            case TEXT -> text(ask.traits());
        };
    }

    private static Grade text(Ask.@Nullable Traits traits) {
        if (traits == null || traits.lastUserText().isBlank()) {
            return new Grade(Levels.STANDARD, null, List.of("no_text"));
        }
        var score = Seven.score(traits.lastUserText());
        var signals = new ArrayList<>(score.signals());
        if (signals.isEmpty()) {
            signals.add("no_signal");
        }
        return new Grade(score.tier().level(), score.value(), signals);
    }
}
