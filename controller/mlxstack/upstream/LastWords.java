package mlxstack.upstream;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.Objects;
import java.util.function.ToLongFunction;
import mlxstack.wire.ApiError;
import mlxstack.wire.Operation;
import org.jspecify.annotations.Nullable;

/** How a request ends that no backend has answered whole: what its client is told, and in which form. Event loop only. */
final class LastWords {

    private final Dispatch of;
    private final Call call;
    private final ToLongFunction<Call> tokens;

    /** @param tokens what {@code count_tokens} answers where no backend can */
    LastWords(Dispatch of, Call call, ToLongFunction<Call> tokens) {
        this.of = of;
        this.call = call;
        this.tokens = tokens;
    }

    /** @param asking where it was at last; null when it was with nobody */
    void answer(ApiError error, Fault fault, @Nullable Attempt asking) {
        if (call.operation() == Operation.COUNT_TOKENS && error.status() >= 429) {
            count();
            return;
        }
        of.finish(error.status(), fault);
        of.reply.refuse(error, of.labels(asking == null ? null : asking.backend));
    }

    /** The error that a backend answered with. */
    void passOn(Attempt last, Fault fault) {
        if (call.operation() == Operation.COUNT_TOKENS && last.status() != 400) {
            count();
            return;
        }
        var body = last.refusal();
        boolean ours = body == null || of.reply.early();
        of.finish(ours ? fault.error().status() : last.status(), fault);
        if (ours) {
            of.reply.refuse(fault.error(), of.labels(last.backend));
        } else {
            last.head(null);
            of.reply.whole(Objects.requireNonNull(body));
        }
    }

    /** After content: what came is not all. */
    void breakOff(Attempt broken, ApiError error, Fault fault) {
        of.finish(of.reply.response().getStatusCode(), fault);
        of.reply.breakOff(broken.lastWords(error), broken.gap());
    }

    /** An estimate is better than waiting. */
    private void count() {
        long estimate = tokens.applyAsLong(call);
        of.finish(200, null);
        of.reply.head(200, MultiMap.caseInsensitiveMultiMap(), of.labels(null), "application/json");
        of.reply.whole(Buffer.buffer("{\"input_tokens\":" + estimate + "}"));
    }
}
