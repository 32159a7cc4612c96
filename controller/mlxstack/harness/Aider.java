package mlxstack.harness;

import static mlxstack.harness.Notes.map;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** aider: its options, and what it is to know of models it has never heard of. */
final class Aider extends Tool {

    Aider() {
        super("aider", "aider", Dialect.CHAT, true, Role.MAIN, Role.FAST, Role.STRONG);
    }

    @Override
    public Recipe recipe(Facts facts, Machine machine) {
        var folder = machine.project() ? machine.directory() : machine.home();
        var known = new LinkedHashMap<String, Object>();
        for (Model model : facts.doing(roles())) {
            known.put(
                    reference(model),
                    map(
                            "max_tokens",
                            model.output(),
                            "max_input_tokens",
                            model.window(),
                            "max_output_tokens",
                            model.output(),
                            "input_cost_per_token",
                            0,
                            "output_cost_per_token",
                            0,
                            "litellm_provider",
                            "openai",
                            "mode",
                            "chat"));
        }
        var options = map(
                "model",
                reference(facts.of(Role.MAIN)),
                "weak-model",
                reference(facts.of(Role.FAST)),
                "editor-model",
                reference(facts.main()),
                "openai-api-base",
                facts.v1(),
                "openai-api-key",
                facts.keyName() == null ? Facts.NO_KEY : null);
        var notes = new ArrayList<>(
                Notes.windows(facts.doing(roles()), "aider then sends whatever the conversation has grown to"));
        if (facts.differs(Role.STRONG)) {
            notes.add("to have %s plan and %s write: aider --architect --model %s"
                    .formatted(facts.of(Role.STRONG).name(), facts.main().name(), reference(facts.of(Role.STRONG))));
        }
        notes.add(
                "--analytics-disable and --no-check-update keep it from asking the internet; its list of prices it asks for anyway");
        return new Recipe(
                List.of(
                        new Recipe.Part(folder.resolve(".aider.conf.yml"), new YamlText(), options),
                        new Recipe.Part(folder.resolve(".aider.model.metadata.json"), new JsonText(), known)),
                key(facts, "OPENAI_API_KEY"),
                notes,
                List.of("aider --message 'Say hello' --no-git"));
    }

    private static String reference(Model model) {
        return "openai/" + model.name();
    }
}
