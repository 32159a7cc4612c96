package mlxstack.harness;

import static mlxstack.harness.Notes.map;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** opencode: a provider of its own, by chat completions. */
final class OpenCode extends Tool {

    OpenCode() {
        super(
                "opencode",
                "opencode",
                Dialect.CHAT,
                true,
                Role.MAIN,
                Role.FAST,
                Role.STRONG,
                Role.SUBAGENT,
                Role.VISION);
    }

    @Override
    public Recipe recipe(Facts facts, Machine machine) {
        var models = new LinkedHashMap<String, Object>();
        for (Model model : facts.models()) {
            models.put(
                    model.name(),
                    map(
                            "name",
                            model.name(),
                            "attachment",
                            facts.sees(model) ? true : null,
                            "modalities",
                            facts.sees(model)
                                    ? map("input", List.of("text", "image"), "output", List.of("text"))
                                    : null,
                            "limit",
                            model.window() == null
                                    ? null
                                    : map("context", model.window(), "output", model.output(model.window()))));
        }
        var agents = map(
                "plan",
                facts.differs(Role.STRONG) ? map("model", reference(facts.of(Role.STRONG))) : null,
                "general",
                facts.differs(Role.SUBAGENT) ? map("model", reference(facts.of(Role.SUBAGENT))) : null);
        var wanted = map(
                // opencode writes it itself where it is missing.
                "$schema",
                new Default("https://opencode.ai/config.json"),
                "provider",
                map(
                        "mlxstack",
                        map(
                                "npm",
                                "@ai-sdk/openai-compatible",
                                "name",
                                "mlxstack",
                                "options",
                                map(
                                        "baseURL",
                                        facts.v1(),
                                        "apiKey",
                                        facts.keyName() == null ? null : "{env:" + facts.keyName() + "}"),
                                "models",
                                models)),
                "model",
                reference(facts.main()),
                "small_model",
                reference(facts.of(Role.FAST)),
                "agent",
                agents.isEmpty() ? null : agents);
        var notes = new ArrayList<>(
                Notes.windows(facts.models(), "opencode then never shortens a conversation, and long ones fail"));
        notes.add("OPENCODE_DISABLE_MODELS_FETCH=1 and OPENCODE_DISABLE_AUTOUPDATE=1 keep it from asking the internet");
        var variables = key(facts, String.valueOf(facts.keyName()));
        return new Recipe(
                List.of(new Recipe.Part(file(machine), new JsonText(), wanted)),
                variables,
                notes,
                List.of("opencode run 'Say hello'"));
    }

    private static String reference(Model model) {
        return "mlxstack/" + model.name();
    }

    private static Path file(Machine machine) {
        String set = machine.environment().getOrDefault("OPENCODE_CONFIG", "");
        if (machine.project()) {
            return Machine.existing(machine.directory(), "opencode.json", "opencode.jsonc");
        }
        return set.isEmpty()
                ? Machine.existing(machine.config().resolve("opencode"), "opencode.json", "opencode.jsonc")
                : machine.directory().resolve(set);
    }
}
