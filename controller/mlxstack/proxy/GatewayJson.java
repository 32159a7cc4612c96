package mlxstack.proxy;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import mlxstack.reconcile.Effect;
import mlxstack.spec.Gateway;
import mlxstack.spec.ModelApi;
import mlxstack.spec.Provider;
import mlxstack.spec.Telemetry;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The gateway's configuration as JSON: names of secrets, never a secret. Confined to one call. */
final class GatewayJson {

    /** Of the format; a gateway refuses one it does not know. */
    static final int VERSION = 2;

    private static final int NANOS = 9;

    private final EngineFacts engines;
    private final Set<String> lacking;
    private final Set<String> taken = new HashSet<>();

    /** @param lacking providers whose key is not there */
    GatewayJson(EngineFacts engines, Set<String> lacking) {
        this.engines = engines;
        this.lacking = lacking;
    }

    /**
     * @param secrets digest of the secrets' file; null when none is needed
     * @param front what stands for backends and routes while a LiteLLM serves; null: each backend is asked directly
     */
    ObjectNode of(Effect.WriteGatewayConfig table, @Nullable String secrets, @Nullable ObjectNode front) {
        var root = JsonNodeFactory.instance.objectNode().put("version", VERSION);
        root.putObject("listen")
                .put("host", table.gateway().host())
                .put("port", table.gateway().port());
        if (secrets != null) {
            root.put("secrets", secrets);
        }
        telemetry(root.putObject("telemetry"), table.gateway().telemetry());
        if (front != null) {
            root.setAll(front);
            RulesJson.keys(root.putArray("keys"), table.gateway());
            return budgets(root, table.gateway(), List.of());
        }
        var backends = root.putArray("backends");
        table.backends().forEach(backend -> endpoint(backends.addObject(), backend));
        table.providers()
                .forEach(provider -> provider.models().forEach(model -> remote(backends.addObject(), provider, model)));
        RulesJson.routes(root.putArray("routes"), table.gateway().routes());
        RulesJson.keys(root.putArray("keys"), table.gateway());
        RulesJson.complexity(root, table.gateway());
        return budgets(root, table.gateway(), table.providers());
    }

    private static void telemetry(ObjectNode out, Telemetry telemetry) {
        out.put("accessLog", telemetry.accessLog());
        putIf(out, "traces", telemetry.traces());
    }

    private static ObjectNode budgets(ObjectNode root, Gateway gateway, List<Provider> providersOf) {
        RulesJson.keeping(root, gateway);
        RulesJson.budgets(root.putArray("budgets"), gateway.budgets());
        var providers = root.putObject("providerBudgets");
        for (Provider provider : providersOf) {
            if (!provider.budgets().isEmpty()) {
                RulesJson.budgets(providers.putArray(provider.name()), provider.budgets());
            }
        }
        return root;
    }

    private void endpoint(ObjectNode out, Effect.Backend backend) {
        Workload.Queue queue = backend.queue();
        Workload.Serving serving = backend.serving();
        out.put("id", backend.endpoint());
        words(out.putArray("names"), backend.models());
        taken.addAll(backend.models());
        out.put("base", "http://127.0.0.1:" + backend.port());
        putIf(out, "upstreamModel", engines.upstreamModel().apply(backend.workload()));
        speaks(
                out,
                serving == null || serving.speaks().isEmpty()
                        ? engines.speaks().apply(backend.workload())
                        : EnumSet.copyOf(serving.speaks()));
        out.put("availability", word(backend.availability()))
                .put("retryAfterSeconds", backend.retryAfterSeconds())
                .put("concurrency", backend.concurrency() == null ? 0 : backend.concurrency())
                .put("maxWaiting", queue == null ? 0 : queue.maxWaiting())
                .put("maxWait", queue == null ? 0 : queue.maxWait().toMillis());
        Integer window = backend.workload().template().contextWindow();
        if (window != null) {
            out.put("contextWindow", window);
        }
        putIf(out, "modelClass", serving == null ? null : serving.modelClass());
    }

    private void remote(ObjectNode out, Provider provider, Provider.Model model) {
        String id = provider.name() + "/" + model.name();
        out.put("id", id);
        var names = out.putArray("names").add(id);
        // A name of ours never leads to what costs money, and one of theirs always to the same bill.
        if (taken.add(model.name())) {
            names.add(model.name());
        }
        out.put("base", base(provider.baseUrl())).put("upstreamModel", model.model());
        out.put("api", word(provider.type()));
        if (provider.apiKey() != null) {
            out.put("secret", provider.name());
        }
        speaks(out, provider.speaks().isEmpty() ? speaks(provider.type()) : EnumSet.copyOf(provider.speaks()));
        out.put("availability", lacking.contains(provider.name()) ? "unavailable" : "ready");
        if (model.contextWindow() != null) {
            out.put("contextWindow", model.contextWindow());
        }
        price(out, model.price());
        RulesJson.timeouts(out, provider.timeouts());
    }

    /** What {@code /v1/…} is appended to. */
    static String base(String url) {
        String bare = url.replaceFirst("/+$", "");
        return bare.endsWith("/v1") ? bare.substring(0, bare.length() - 3).replaceFirst("/+$", "") : bare;
    }

    private static Set<ModelApi> speaks(Provider.Type type) {
        return switch (type) {
            // Responses only where it is said: most that call themselves compatible have none.
            case OPENAI -> EnumSet.of(ModelApi.CHAT, ModelApi.COMPLETIONS, ModelApi.EMBEDDINGS, ModelApi.OTHER);
            case ANTHROPIC -> EnumSet.of(ModelApi.MESSAGES, ModelApi.COUNT_TOKENS);
            case OLLAMA ->
                EnumSet.of(
                        ModelApi.CHAT,
                        ModelApi.COMPLETIONS,
                        ModelApi.EMBEDDINGS,
                        ModelApi.MESSAGES,
                        ModelApi.RESPONSES,
                        ModelApi.OTHER);
        };
    }

    /** Nano-dollars for a million tokens. What is read from a cache or written to it costs what the rest does, if nothing is said. */
    static void price(ObjectNode out, Map<String, String> price) {
        if (price.isEmpty()) {
            return;
        }
        long input = nanos(price.get("input"), 0);
        out.putObject("price")
                .put("input", input)
                .put("output", nanos(price.get("output"), 0))
                .put("cacheRead", nanos(price.get("cacheRead"), input))
                .put("cacheWrite", nanos(price.get("cacheWrite"), input));
    }

    private static long nanos(@Nullable String usd, long otherwise) {
        return usd == null
                ? otherwise
                : new BigDecimal(usd).movePointRight(NANOS).longValueExact();
    }

    private static void speaks(ObjectNode out, Set<ModelApi> apis) {
        var ordered = apis.isEmpty() ? EnumSet.noneOf(ModelApi.class) : EnumSet.copyOf(apis);
        words(out.putArray("speaks"), ordered.stream().map(ModelApi::word).toList());
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static void words(ArrayNode out, Collection<String> words) {
        List.copyOf(words).forEach(out::add);
    }

    static void putIf(ObjectNode out, String name, @Nullable String value) {
        if (value != null) {
            out.put(name, value);
        }
    }
}
