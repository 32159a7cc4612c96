package mlxstack.harness;

import static mlxstack.harness.Notes.map;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hermes Agent: a named provider, and what each of its tasks asks. */
final class Hermes extends Tool {

    /** What it wants of a main model at the least. */
    private static final int LEAST = 64_000;

    private static final String PROVIDER = "custom:mlxstack";

    Hermes() {
        super(
                "hermes",
                "Hermes Agent",
                Dialect.CHAT,
                false,
                Role.MAIN,
                Role.FAST,
                Role.STRONG,
                Role.SUBAGENT,
                Role.LONG,
                Role.VISION,
                Role.REVIEW,
                Role.SCHEDULED);
    }

    @Override
    public Recipe recipe(Facts facts, Machine machine) {
        var file = machine.folder("HERMES_HOME", ".hermes").resolve("config.yaml");
        var models = new LinkedHashMap<String, Object>();
        facts.models()
                .forEach(model -> models.put(
                        model.name(), model.window() == null ? map() : map("context_length", model.window())));
        var tasks = map(
                "title_generation", other(facts, Role.FAST),
                "approval", other(facts, Role.FAST),
                "compression", other(facts, Role.LONG),
                "web_extract", other(facts, Role.LONG),
                "vision", facts.model(Role.VISION) == null ? null : to(facts.of(Role.VISION)),
                "review", other(facts, Role.REVIEW));
        var delegation = map();
        if (facts.differs(Role.SUBAGENT)) {
            delegation.putAll(
                    map("provider", PROVIDER, "model", facts.of(Role.SUBAGENT).name()));
        }
        if (facts.differs(Role.STRONG)) {
            delegation.put(
                    "routes",
                    map(
                            "strong",
                            map(
                                    "provider",
                                    PROVIDER,
                                    "model",
                                    facts.of(Role.STRONG).name())));
        }
        var wanted = map(
                "model",
                map(
                        "default",
                        facts.main().name(),
                        "provider",
                        PROVIDER,
                        "context_length",
                        facts.main().window()),
                "providers",
                map(
                        "mlxstack",
                        map(
                                "name",
                                "mlxstack",
                                "base_url",
                                facts.v1(),
                                "key_env",
                                facts.keyName(),
                                "api_mode",
                                "chat_completions",
                                "models",
                                models)),
                "auxiliary",
                tasks.isEmpty() ? null : tasks,
                "delegation",
                delegation.isEmpty() ? null : delegation,
                "cron",
                facts.differs(Role.SCHEDULED)
                        ? map("model", facts.of(Role.SCHEDULED).name(), "model_provider", PROVIDER)
                        : null);
        var notes =
                new ArrayList<>(Notes.windows(facts.models(), "Hermes then asks the server, or guesses from the name"));
        Integer window = facts.main().window();
        if (window != null && window < LEAST) {
            notes.add("Hermes refuses a main model with less than %,d tokens, and %s has %,d: raise its contextWindow"
                    .formatted(LEAST, facts.main().name(), window));
        }
        var variables = key(facts, String.valueOf(facts.keyName()));
        if (!variables.isEmpty()) {
            notes.add("the key may stand in " + file.resolveSibling(".env") + " as well");
        }
        return new Recipe(
                List.of(new Recipe.Part(file, new YamlText(), wanted)),
                variables,
                notes,
                List.of("hermes -z 'Say hello'"));
    }

    private static @Nullable Object other(Facts facts, Role role) {
        return facts.differs(role) ? to(facts.of(role)) : null;
    }

    private static Object to(Model model) {
        return map("provider", PROVIDER, "model", model.name());
    }
}
