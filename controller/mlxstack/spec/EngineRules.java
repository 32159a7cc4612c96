package mlxstack.spec;

import java.util.Set;

/** Which engine needs a model, and which a command. */
final class EngineRules {

    private static final Set<String> NEED_MODEL = Set.of("vllm-mlx", "mlx-lm", "llama-server", "ollama");

    private EngineRules() {}

    static void check(Cursor spec, Problems problems) {
        for (var endpoint : spec.field("endpoints").items()) {
            var engine = endpoint.field("engine").text("");
            var model = endpoint.field("model");
            var command = endpoint.field("command");
            if (NEED_MODEL.contains(engine) && !model.present()) {
                problems.add(
                        endpoint,
                        "missing field \"model\"; engine %s needs a catalog id, a hub repository or a path"
                                .formatted(engine));
            }
            if (engine.equals("command") && model.present()) {
                problems.add(model, "found a model; engine command takes none, write it into command or args");
            }
            if (engine.equals("command") && !command.present()) {
                problems.add(endpoint, "missing field \"command\"; engine command needs a program and its arguments");
            }
            if ((NEED_MODEL.contains(engine) || engine.equals("simulator")) && command.present()) {
                problems.add(
                        command,
                        "found a command; engine %s has its own, write args, or engine: command".formatted(engine));
            }
        }
    }
}
