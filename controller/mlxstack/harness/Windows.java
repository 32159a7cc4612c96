package mlxstack.harness;

import java.util.List;
import java.util.function.Function;
import mlxstack.spec.EnvValue;
import mlxstack.spec.Template;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/** The context that a model server really runs with: what is given to it by hand wins over what the stack file says. */
final class Windows {

    private Windows() {}

    /** @param natural the model's own window, for servers that are given none; null: not known */
    static Model of(Workload endpoint, Function<String, @Nullable Integer> natural) {
        var template = endpoint.template();
        var args = template.args();
        Integer slots = template.concurrency();
        Integer given = switch (template.engine()) {
            case LLAMA_SERVER -> shared(number(args, "-c", "--ctx-size"), number(args, "-np", "--parallel"), slots);
            case VLLM_MLX -> number(args, "--max-kv-size", "--max-model-len");
            case SIMULATOR -> number(args, "--context-window");
            case OLLAMA ->
                template.env().get("OLLAMA_CONTEXT_LENGTH") instanceof EnvValue.Text(String text) ? parsed(text) : null;
            case MLX_LM, COMMAND, GATEWAY, LITELLM -> null;
        };
        if (given != null && given > 0) {
            return limited(endpoint.name(), given, "args of endpoint " + endpoint.name(), template);
        } else if (template.contextWindow() != null) {
            return limited(
                    endpoint.name(),
                    template.contextWindow(),
                    "contextWindow of endpoint " + endpoint.name(),
                    template);
        }
        String model = template.model();
        Integer own = model == null ? null : natural.apply(model);
        return own == null
                ? new Model(
                        endpoint.name(), null, "not known: give endpoint " + endpoint.name() + " a contextWindow", null)
                : limited(endpoint.name(), own, model + "'s own", template);
    }

    private static Model limited(String name, int window, String from, Template template) {
        Integer most = number(template.args(), "-n", "--n-predict", "--predict");
        var model = Model.of(name, window, from);
        return most == null || most <= 0 ? model : new Model(name, window, from, Math.min(most, model.output(most)));
    }

    /** llama-server's slots share its context evenly. */
    private static @Nullable Integer shared(
            @Nullable Integer all, @Nullable Integer parallel, @Nullable Integer concurrency) {
        Integer slots = parallel == null ? concurrency : parallel;
        return all == null ? null : all / Math.max(1, slots == null ? 1 : slots);
    }

    private static @Nullable Integer number(List<String> args, String... names) {
        for (int i = 0; i < args.size(); i++) {
            for (String name : names) {
                if (args.get(i).equals(name) && i + 1 < args.size()) {
                    return parsed(args.get(i + 1));
                } else if (args.get(i).startsWith(name + "=")) {
                    return parsed(args.get(i).substring(name.length() + 1));
                }
            }
        }
        return null;
    }

    private static @Nullable Integer parsed(String text) {
        return text.matches("[0-9]{1,9}") ? Integer.valueOf(text) : null;
    }
}
