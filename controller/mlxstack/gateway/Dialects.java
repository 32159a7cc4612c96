package mlxstack.gateway;

import java.time.InstantSource;
import java.util.Objects;
import mlxstack.route.Backend;
import mlxstack.route.Hop;
import mlxstack.spec.Provider;
import mlxstack.upstream.Call;
import mlxstack.upstream.Payload;
import mlxstack.upstream.Translations;
import mlxstack.wire.BadRequest;
import mlxstack.wire.MessageThreads;
import mlxstack.wire.MessagesToChat;
import mlxstack.wire.Operation;
import mlxstack.wire.Options;
import mlxstack.wire.Translation;
import org.jspecify.annotations.Nullable;

/** Which backend is spoken to in which words. Event loop only. */
final class Dialects implements Translations {

    private final InstantSource clock;

    Dialects(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public @Nullable Translation find(Call call, Hop hop) throws BadRequest {
        var backend = hop.backend();
        var body = call.body();
        if (backend.speaks().contains(call.operation())) {
            forget(call, backend, body);
            return null;
        }
        return switch (call.operation()) {
            case MESSAGES -> MessagesToChat.of(body.bytes(), body.length(), model(backend, body), options(call, hop));
            // It says itself that it cannot, and in the client's dialect.
            case CHAT_COMPLETIONS, COMPLETIONS, EMBEDDINGS, RESPONSES, COUNT_TOKENS, RERANK, OTHER -> null;
        };
    }

    /** Anthropic remembers conversations; who merely speaks like it would answer without their beginning. */
    private static void forget(Call call, Backend backend, Payload body) throws BadRequest {
        if (call.operation() == Operation.MESSAGES && backend.api() != Provider.Type.ANTHROPIC) {
            var refusal = MessageThreads.refusal(body.bytes(), body.length());
            if (refusal != null) {
                throw new BadRequest(refusal);
            }
        }
    }

    private static String model(Backend backend, Payload body) {
        return Objects.requireNonNullElse(backend.upstreamModel(), body.model());
    }

    private Options options(Call call, Hop hop) {
        return new Options(
                Objects.requireNonNullElse(hop.maxTokens(), 0),
                hop.backend().isLocal(),
                call.id().replaceAll("[^A-Za-z0-9]", ""),
                clock.instant().getEpochSecond());
    }
}
