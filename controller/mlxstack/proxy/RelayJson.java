package mlxstack.proxy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mlxstack.reconcile.Effect;
import mlxstack.spec.ModelApi;
import mlxstack.spec.Provider;
import mlxstack.spec.Timeouts;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the front goes by while a LiteLLM stands behind it: a backend for whatever it may be asked for, and the routes.
 * That belongs to one LiteLLM: until another one takes over, the front goes on with what the one that serves was started
 * with, which is kept beside it as {@code NAME.front.json}. Stateless.
 */
final class RelayJson {

    /** Nobody listens there; nothing is sent to what has not been started. */
    private static final int NOBODY = 1;
    /** While the first LiteLLM starts. */
    private static final int MAX_WAITING = 256;

    private static final Duration MAX_WAIT = Duration.ofSeconds(60);
    /** LiteLLM says nothing while it goes from one to the next: it is given the time of all. */
    private static final Duration EACH = Duration.ofSeconds(LitellmFile.REQUEST_SECONDS);

    private static final String BACKENDS = "backends";

    private RelayJson() {}

    /** The fields {@code backends} and {@code routes} of the gateway's configuration. */
    static ObjectNode of(Path home, EngineFacts engines, Effect.WriteGatewayConfig table, Effect.Relay relay)
            throws IOException {
        var plan = LitellmPlan.of(table);
        byte[] wanted = bytes(new LitellmFile(engines.upstreamModel()).text(plan));
        Path kept = home.resolve(relay.name() + ".front.json");
        var front = plain(plan);
        byte[] served = PrivateFile.read(home.resolve(relay.name() + ".yaml"));
        if (served == null || Arrays.equals(wanted, served)) {
            PrivateFile.replace(kept, bytes(front.toPrettyString() + "\n"));
        } else {
            byte[] before = PrivateFile.read(kept);
            front = before == null ? front : parsed(before, front);
        }
        for (var backend : front.withArray(BACKENDS)) {
            ((ObjectNode) backend)
                    .put("base", "http://127.0.0.1:" + (relay.port() == null ? NOBODY : relay.port()))
                    .put("availability", GatewayJson.word(relay.availability()))
                    .put("retryAfterSeconds", relay.retryAfterSeconds());
        }
        return front;
    }

    private static ObjectNode parsed(byte[] before, ObjectNode otherwise) {
        try {
            return JsonMapper.shared().readTree(before) instanceof ObjectNode node
                            && node.path(BACKENDS).isArray()
                    ? node
                    : otherwise;
        } catch (JacksonException e) {
            return otherwise;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Without what changes while a LiteLLM runs. */
    private static ObjectNode plain(LitellmPlan plan) {
        var front = JsonNodeFactory.instance.objectNode();
        backends(front.putArray(BACKENDS), plan);
        RulesJson.routes(front.putArray("routes"), plan.routes());
        return front;
    }

    private static void backends(ArrayNode out, LitellmPlan plan) {
        for (LitellmPlan.Served served : plan.served()) {
            var one = out.addObject().put("id", served.id());
            GatewayJson.words(one.putArray("names"), served.names());
            one.put("upstreamModel", served.group())
                    .put("api", GatewayJson.word(Provider.Type.OPENAI))
                    .put("secret", LitellmPlan.PROVIDER);
            GatewayJson.words(
                    one.putArray("speaks"),
                    List.of(ModelApi.values()).stream().map(ModelApi::word).toList());
            one.put("concurrency", 0).put("maxWaiting", MAX_WAITING).put("maxWait", MAX_WAIT.toMillis());
            GatewayJson.price(one, dearest(served.chain()));
            var usual = Timeouts.DEFAULT;
            RulesJson.timeouts(
                    one,
                    new Timeouts(
                            usual.connect(), EACH.multipliedBy(served.chain().size()), usual.idle(), Duration.ZERO));
        }
    }

    /** Who will answer is not known beforehand: a budget reckons with the worst. */
    private static Map<String, String> dearest(List<LitellmPlan.Backing> chain) {
        var price = new HashMap<String, String>();
        for (LitellmPlan.Backing backing : chain) {
            if (backing instanceof LitellmPlan.Backing.Remote(var _, var model)) {
                model.price().forEach((kind, usd) -> price.merge(kind, usd, RelayJson::more));
            }
        }
        return price;
    }

    private static String more(String a, String b) {
        return new BigDecimal(a).compareTo(new BigDecimal(b)) >= 0 ? a : b;
    }
}
