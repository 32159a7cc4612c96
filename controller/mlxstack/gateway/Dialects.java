package mlxstack.gateway;

import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import mlxstack.route.Backend;
import mlxstack.route.Hop;
import mlxstack.spec.Provider;
import mlxstack.upstream.Call;
import mlxstack.upstream.Payload;
import mlxstack.upstream.Translations;
import mlxstack.wire.Amended;
import mlxstack.wire.BadRequest;
import mlxstack.wire.Conversations;
import mlxstack.wire.CountTokens;
import mlxstack.wire.MessageThreads;
import mlxstack.wire.Operation;
import mlxstack.wire.Options;
import mlxstack.wire.ThinkingOfOurs;
import mlxstack.wire.TokenEstimate;
import mlxstack.wire.Translation;
import mlxstack.wire.Translators;
import org.jspecify.annotations.Nullable;

/** Which backend is spoken to in which words. Event loop only. */
final class Dialects implements Translations {

    /** Of a window, what is left for the answer however long the prompt seems to be. */
    private static final int LEAST = 256;

    private final Translators translators;
    private final InstantSource clock;

    Dialects(Conversations conversations, InstantSource clock) {
        this.translators = new Translators(conversations);
        this.clock = clock;
    }

    @Override
    public @Nullable Translation find(Call call, Hop hop) throws BadRequest {
        var backend = hop.backend();
        var body = call.body();
        if (call.operation() == Operation.MESSAGES && backend.speaks().contains(Operation.MESSAGES)) {
            var amended = messages(call, backend, body);
            if (amended != null) {
                return amended;
            }
        }
        int query = call.uri().indexOf('?');
        return translators.find(
                query < 0 ? call.uri() : call.uri().substring(0, query),
                Objects.requireNonNullElse(call.key(), ""),
                body.bytes(),
                body.length(),
                new Translators.Place(
                        backend.id(),
                        model(backend, body),
                        backend.speaks(),
                        // Somebody pays for them.
                        call.key() != null,
                        options(call, hop)));
    }

    /**
     * Anthropic remembers conversations; who merely speaks like it would answer without their beginning. And it refuses
     * thinking that it has not signed, which a conversation has that another model began.
     */
    private static @Nullable Translation messages(Call call, Backend backend, Payload body) throws BadRequest {
        if (backend.api() == Provider.Type.ANTHROPIC) {
            byte[] other = ThinkingOfOurs.removed(body.bytes(), body.length(), model(backend, body));
            return other == null ? null : new Amended(Operation.MESSAGES, other);
        }
        // Who asks for it says so in a header too: not every body need be searched.
        String beta = call.request().getHeader("anthropic-beta");
        var refusal =
                beta != null && beta.contains("thread") ? MessageThreads.refusal(body.bytes(), body.length()) : null;
        if (refusal != null) {
            throw new BadRequest(refusal);
        }
        return null;
    }

    /** What {@code count_tokens} answers where no backend can. */
    static long tokens(Call call) {
        var body = call.body();
        try {
            return CountTokens.count(body.bytes(), body.length());
        } catch (BadRequest _) {
            return TokenEstimate.body(body.bytes(), body.length());
        }
    }

    private static String model(Backend backend, Payload body) {
        String asked = body.model().isEmpty() ? backend.id() : body.model();
        return Objects.requireNonNullElse(backend.upstreamModel(), asked);
    }

    /** Clients ask for 32,000 and 128,000 tokens whatever the window; some servers refuse what does not fit into it. */
    private static int mostOutput(Payload body, Hop hop) {
        int most = Objects.requireNonNullElse(hop.maxTokens(), 0);
        var window = hop.backend().contextWindow();
        // A token is a byte at least: mostly there is nothing to count.
        if (window == null || body.maxTokens() == 0 || (long) body.length() + body.maxTokens() <= window) {
            return most;
        }
        int left = (int) Math.max(Math.min(LEAST, window), window - TokenEstimate.body(body.bytes(), body.length()));
        return most == 0 ? left : Math.min(most, left);
    }

    /** Answers can be asked for by their names later: nobody may guess one, and no two are the same. */
    private Options options(Call call, Hop hop) {
        var random = ThreadLocalRandom.current();
        var hex = HexFormat.of();
        return new Options(
                mostOutput(call.body(), hop),
                hop.backend().isLocal(),
                hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong()),
                clock.instant().getEpochSecond());
    }
}
