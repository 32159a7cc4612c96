package mlxstack.harness;

import static mlxstack.harness.Notes.map;

import java.util.ArrayList;
import java.util.List;

/** Codex: a provider that is asked by Responses, and a profile for each further model. */
final class Codex extends Tool {

    Codex() {
        super("codex", "Codex CLI", Dialect.RESPONSES, false, Role.MAIN, Role.STRONG, Role.FAST, Role.REVIEW);
    }

    @Override
    public Recipe recipe(Facts facts, Machine machine) {
        var folder = machine.folder("CODEX_HOME", ".codex");
        var parts = new ArrayList<Recipe.Part>();
        parts.add(new Recipe.Part(
                folder.resolve("config.toml"),
                new TomlText(),
                map(
                        "model",
                        facts.main().name(),
                        "model_provider",
                        "mlxstack",
                        "model_context_window",
                        facts.main().window(),
                        "review_model",
                        facts.differs(Role.REVIEW) ? facts.of(Role.REVIEW).name() : null,
                        "model_providers",
                        map(
                                "mlxstack",
                                map(
                                        "name",
                                        "mlxstack",
                                        "base_url",
                                        facts.v1(),
                                        "wire_api",
                                        "responses",
                                        "env_key",
                                        facts.keyName())))));
        var checks = new ArrayList<>(List.of("codex exec --skip-git-repo-check 'Say hello'"));
        for (Role role : List.of(Role.STRONG, Role.FAST)) {
            if (facts.differs(role)) {
                var model = facts.of(role);
                parts.add(new Recipe.Part(
                        folder.resolve("mlxstack-" + role.word() + ".config.toml"),
                        new TomlText(),
                        map("model", model.name(), "model_context_window", model.window())));
                checks.add("codex --profile mlxstack-" + role.word() + " exec --skip-git-repo-check 'Say hello'");
            }
        }
        var notes = new ArrayList<>(
                Notes.windows(facts.doing(roles()), "Codex then guesses, and shortens conversations too late"));
        notes.add("it warns that it has no metadata for the model: that is harmless");
        var variables = key(facts, String.valueOf(facts.keyName()));
        return new Recipe(parts, variables, notes, checks);
    }
}
