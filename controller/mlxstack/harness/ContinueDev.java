package mlxstack.harness;

import static mlxstack.harness.Notes.map;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Continue, in editors and as {@code cn}: entries in its list of models, each with what it may be used for. */
final class ContinueDev extends Tool {

    ContinueDev() {
        super("continue", "Continue", Dialect.CHAT, false, Role.MAIN, Role.FAST, Role.VISION, Role.EMBEDDINGS);
    }

    @Override
    public Recipe recipe(Facts facts, Machine machine) {
        var models = new ArrayList<Map<String, Object>>();
        boolean two = facts.differs(Role.FAST);
        models.add(entry(
                facts,
                facts.main(),
                two ? List.of("chat", "edit", "summarize") : List.of("chat", "edit", "apply", "summarize")));
        if (two) {
            models.add(entry(facts, facts.of(Role.FAST), List.of("apply", "autocomplete")));
        }
        var seeing = facts.model(Role.VISION);
        if (seeing != null && models.stream().noneMatch(m -> seeing.name().equals(m.get("model")))) {
            models.add(entry(facts, seeing, List.of("chat")));
        }
        var embedding = facts.model(Role.EMBEDDINGS);
        if (embedding != null) {
            models.add(map(
                    "name", label(embedding),
                    "provider", "openai",
                    "model", embedding.name(),
                    "apiBase", facts.v1(),
                    "apiKey", key(facts),
                    "roles", List.of("embed")));
        }
        var wanted = map(
                "name", new Default("Local Config"),
                "version", new Default("1.0.0"),
                "schema", new Default("v1"),
                "models", new Keyed(List.of("name"), models));
        var file = machine.folder("CONTINUE_GLOBAL_DIR", ".continue").resolve("config.yaml");
        var notes = new ArrayList<>(Notes.windows(
                facts.doing(List.of(Role.MAIN, Role.FAST)), "Continue then assumes less than 33,000 tokens"));
        if (facts.keyName() != null) {
            notes.add("Continue looks for " + facts.keyName() + " in its environment and in "
                    + file.resolveSibling(".env"));
        }
        return new Recipe(
                List.of(new Recipe.Part(file, new YamlText(), wanted)),
                key(facts, String.valueOf(facts.keyName())),
                notes,
                List.of("cn -p 'Say hello'"));
    }

    private static Map<String, Object> entry(Facts facts, Model model, List<String> roles) {
        return map(
                "name",
                label(model),
                "provider",
                "openai",
                "model",
                model.name(),
                "apiBase",
                facts.v1(),
                "apiKey",
                key(facts),
                "roles",
                roles,
                "capabilities",
                facts.sees(model) ? List.of("tool_use", "image_input") : List.of("tool_use"),
                "defaultCompletionOptions",
                model.window() == null
                        ? null
                        : map("contextLength", model.window(), "maxTokens", model.output(model.window())));
    }

    private static String label(Model model) {
        return "mlxstack " + model.name();
    }

    private static String key(Facts facts) {
        return facts.keyName() == null ? Facts.NO_KEY : "${{ secrets." + facts.keyName() + " }}";
    }
}
