package mlxstack.harness;

import static mlxstack.harness.Notes.map;

import java.util.ArrayList;
import java.util.List;

/** Zed: a provider of its own and what the agent panel asks of it. */
final class Zed extends Tool {

    /** It wants a number, and this many tokens the smallest of servers has. */
    private static final int UNKNOWN = 8_192;

    Zed() {
        super("zed", "Zed", Dialect.CHAT, true, Role.MAIN, Role.FAST, Role.VISION);
    }

    @Override
    public Recipe recipe(Facts facts, Machine machine) {
        var models = new ArrayList<>();
        for (Model model : facts.models()) {
            models.add(map(
                    "name",
                    model.name(),
                    "display_name",
                    model.name(),
                    "max_tokens",
                    model.window(UNKNOWN),
                    "max_output_tokens",
                    model.output(UNKNOWN / 4),
                    "capabilities",
                    map(
                            "tools",
                            true,
                            "images",
                            facts.sees(model),
                            "parallel_tool_calls",
                            false,
                            "prompt_cache_key",
                            false)));
        }
        var fast = facts.differs(Role.FAST) ? reference(facts.of(Role.FAST)) : null;
        var wanted = map(
                "language_models",
                map("openai_compatible", map("mlxstack", map("api_url", facts.v1(), "available_models", models))),
                "agent",
                map(
                        "default_model",
                        reference(facts.main()),
                        "commit_message_model",
                        fast,
                        "thread_summary_model",
                        fast));
        var file = machine.project()
                ? machine.directory().resolve(".zed/settings.json")
                : machine.config().resolve("zed/settings.json");
        var notes = Notes.windows(facts.models(), "Zed wants a number, so %,d was taken".formatted(UNKNOWN));
        return new Recipe(
                List.of(new Recipe.Part(file, new JsonText(), wanted)),
                List.of(
                        new Recipe.Variable(
                                "MLXSTACK_API_KEY",
                                facts.keyName() == null ? Facts.NO_KEY : "\"$" + facts.keyName() + "\"",
                                "Zed uses no provider without a key; it can be given in its settings as well, and is kept in the keychain")),
                notes,
                List.of("in Zed: agent: open settings, and mlxstack is among the providers"));
    }

    private static Object reference(Model model) {
        return map("provider", "mlxstack", "model", model.name());
    }
}
