package mlxstack.gateway;

import java.time.InstantSource;
import java.util.Objects;
import mlxstack.route.Backend;
import mlxstack.route.Hop;
import mlxstack.spec.Provider;
import mlxstack.upstream.Call;
import mlxstack.upstream.Payload;
import mlxstack.upstream.Translations;
import mlxstack.wire.Amended;
import mlxstack.wire.BadRequest;
import mlxstack.wire.ChatToMessages;
import mlxstack.wire.CountTokens;
import mlxstack.wire.MessageThreads;
import mlxstack.wire.MessagesToChat;
import mlxstack.wire.Operation;
import mlxstack.wire.Options;
import mlxstack.wire.ThinkingOfOurs;
import mlxstack.wire.TokenEstimate;
import mlxstack.wire.Translation;
import org.jspecify.annotations.Nullable;

/** Which backend is spoken to in which words. Event loop only. */
final class Dialects implements Translations {

    /** Of a window, what is left for the answer however long the prompt seems to be. */
    private static final int LEAST = 256;

    private final InstantSource clock;

    Dialects(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public @Nullable Translation find(Call call, Hop hop) throws BadRequest {
        var backend = hop.backend();
        var body = call.body();
        if (backend.speaks().contains(call.operation())) {
            return call.operation() == Operation.MESSAGES ? messages(call, backend, body) : null;
        }
        return switch (call.operation()) {
            case MESSAGES -> MessagesToChat.of(body.bytes(), body.length(), model(backend, body), options(call, hop));
            case CHAT_COMPLETIONS ->
                backend.speaks().contains(Operation.MESSAGES)
                        ? ChatToMessages.of(body.bytes(), body.length(), model(backend, body), options(call, hop))
                        : null;
            // It says itself that it cannot, and in the client's dialect.
            case COMPLETIONS, EMBEDDINGS, RESPONSES, COUNT_TOKENS, RERANK, OTHER -> null;
        };
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
        return Objects.requireNonNullElse(backend.upstreamModel(), body.model());
    }

    /** Clients ask for 32,000 and 128,000 tokens whatever the window; some servers refuse what does not fit into it. */
    private static int mostOutput(Payload body, Hop hop) {
        int most = Objects.requireNonNullElse(hop.maxTokens(), 0);
        var window = hop.backend().contextWindow();
        if (window == null) {
            return most;
        }
        int left = (int) Math.max(Math.min(LEAST, window), window - TokenEstimate.body(body.bytes(), body.length()));
        return most == 0 ? left : Math.min(most, left);
    }

    private Options options(Call call, Hop hop) {
        return new Options(
                mostOutput(call.body(), hop),
                hop.backend().isLocal(),
                call.id().replaceAll("[^A-Za-z0-9]", ""),
                clock.instant().getEpochSecond());
    }
}
