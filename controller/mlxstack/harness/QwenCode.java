package mlxstack.harness;

import static mlxstack.harness.Notes.map;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Qwen Code: entries in its list of models, known by name and address. */
final class QwenCode extends Tool {

    private static final String OPEN = "MLXSTACK_KEY";

    QwenCode() {
        super("qwen-code", "Qwen Code", Dialect.CHAT, true, Role.MAIN, Role.FAST, Role.VISION);
    }

    @Override
    public Recipe recipe(Facts facts, Machine machine) {
        String keyName = facts.keyName() == null ? OPEN : facts.keyName();
        var models = new ArrayList<Map<String, Object>>();
        for (Model model : facts.models()) {
            var generation = map(
                    "contextWindowSize",
                    model.window(),
                    "modalities",
                    facts.sees(model) ? map("image", true) : null,
                    "samplingParams",
                    model.output() == null ? null : map("max_tokens", model.output()));
            models.add(map(
                    "id",
                    model.name(),
                    "name",
                    "mlxstack " + model.name(),
                    "envKey",
                    keyName,
                    "baseUrl",
                    facts.v1(),
                    "generationConfig",
                    generation.isEmpty() ? null : generation));
        }
        var wanted = map(
                "modelProviders",
                map("openai", new Keyed(List.of("id", "baseUrl"), models)),
                // It insists on a value where the gateway asks for none.
                "env",
                facts.keyName() == null ? map(OPEN, Facts.NO_KEY) : null,
                "security",
                map("auth", map("selectedType", "openai")),
                "model",
                map("name", facts.main().name()),
                "fastModel",
                facts.differs(Role.FAST) ? facts.of(Role.FAST).name() : null);
        var folder = (machine.project() ? machine.directory() : machine.home()).resolve(".qwen");
        return new Recipe(
                List.of(new Recipe.Part(folder.resolve("settings.json"), new JsonText(), wanted)),
                key(facts, String.valueOf(facts.keyName())),
                Notes.windows(facts.models(), "Qwen Code then guesses from the name"),
                List.of("qwen -p 'Say hello'"));
    }
}
