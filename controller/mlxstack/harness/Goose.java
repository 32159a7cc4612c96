package mlxstack.harness;

import static mlxstack.harness.Notes.map;

import java.util.ArrayList;
import java.util.List;

/** Goose: a provider in a file of its own, and which one is used. */
final class Goose extends Tool {

    private static final int UNKNOWN = 8_192;

    Goose() {
        super("goose", "Goose", Dialect.CHAT, false, Role.MAIN, Role.STRONG);
    }

    @Override
    public Recipe recipe(Facts facts, Machine machine) {
        var folder = machine.config().resolve("goose");
        var models = new ArrayList<>();
        facts.models().forEach(model -> models.add(map("name", model.name(), "context_limit", model.window(UNKNOWN))));
        var provider = map(
                "name",
                "mlxstack",
                "engine",
                "openai",
                "display_name",
                "mlxstack",
                "description",
                "The models of this machine",
                "api_key_env",
                facts.keyName() == null ? "" : facts.keyName(),
                "base_url",
                facts.v1() + "/chat/completions",
                "models",
                models,
                "supports_streaming",
                true,
                "requires_auth",
                facts.keyName() != null);
        boolean plans = facts.differs(Role.STRONG);
        var config = map(
                "GOOSE_PROVIDER",
                "mlxstack",
                "GOOSE_MODEL",
                facts.main().name(),
                "GOOSE_PLANNER_PROVIDER",
                plans ? "mlxstack" : null,
                "GOOSE_PLANNER_MODEL",
                plans ? facts.of(Role.STRONG).name() : null);
        return new Recipe(
                List.of(
                        new Recipe.Part(folder.resolve("config.yaml"), new YamlText(), config),
                        new Recipe.Part(folder.resolve("custom_providers/mlxstack.json"), new JsonText(), provider)),
                key(facts, String.valueOf(facts.keyName())),
                Notes.windows(facts.models(), "Goose wants a number, so %,d was taken".formatted(UNKNOWN)),
                List.of("goose run --no-session -t 'Say hello'"));
    }
}
