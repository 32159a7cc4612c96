package mlxstack.harness;

import static mlxstack.harness.Notes.map;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** OpenClaw: a provider of its own. Its {@code localService} is left out: the model servers are ours to start. */
final class OpenClaw extends Tool {

    OpenClaw() {
        super("openclaw", "OpenClaw", Dialect.CHAT, false, Role.MAIN, Role.FAST, Role.SUBAGENT, Role.LONG, Role.VISION);
    }

    @Override
    public Recipe recipe(Facts facts, Machine machine) {
        var models = new ArrayList<>();
        for (Model model : facts.models()) {
            models.add(map(
                    "id",
                    model.name(),
                    "name",
                    model.name(),
                    "reasoning",
                    false,
                    "input",
                    facts.sees(model) ? List.of("text", "image") : List.of("text"),
                    "cost",
                    map("input", 0, "output", 0, "cacheRead", 0, "cacheWrite", 0),
                    "contextWindow",
                    model.window(),
                    "maxTokens",
                    model.output()));
        }
        var wanted = map(
                "models",
                map(
                        "mode",
                        new Default("merge"),
                        "providers",
                        map(
                                "mlxstack",
                                map(
                                        "baseUrl",
                                        facts.v1(),
                                        "apiKey",
                                        facts.keyName() == null ? Facts.NO_KEY : "${" + facts.keyName() + "}",
                                        "api",
                                        "openai-completions",
                                        "models",
                                        models))),
                "agents",
                map(
                        "defaults",
                        map(
                                "model",
                                map("primary", reference(facts.main())),
                                "utilityModel",
                                facts.differs(Role.FAST) ? reference(facts.of(Role.FAST)) : null,
                                "subagents",
                                facts.differs(Role.SUBAGENT) ? map("model", reference(facts.of(Role.SUBAGENT))) : null,
                                "pdfModel",
                                facts.differs(Role.LONG) ? map("primary", reference(facts.of(Role.LONG))) : null,
                                "imageModel",
                                facts.model(Role.VISION) == null
                                        ? null
                                        : map("primary", reference(facts.of(Role.VISION))))));
        String set = machine.environment().getOrDefault("OPENCLAW_CONFIG_PATH", "");
        Path file = set.isEmpty()
                ? machine.folder("OPENCLAW_STATE_DIR", ".openclaw").resolve("openclaw.json")
                : machine.directory().resolve(set);
        return new Recipe(
                List.of(new Recipe.Part(file, new JsonText(), wanted)),
                key(facts, String.valueOf(facts.keyName())),
                Notes.windows(facts.models(), "OpenClaw then assumes 200,000 tokens, and long conversations fail"),
                List.of("openclaw models list", "openclaw agent --local --message 'Say hello'"));
    }

    private static String reference(Model model) {
        return "mlxstack/" + model.name();
    }
}
