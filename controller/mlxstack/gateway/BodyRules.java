package mlxstack.gateway;

import io.vertx.core.MultiMap;
import java.util.List;
import mlxstack.wire.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * What a request's headers may say of its body. That a body has one length, the HTTP parser sees to; here are the
 * codings it would let pass. Stateless.
 */
final class BodyRules {

    private BodyRules() {}

    /**
     * Why this body is not read; null when it is. The connection ends with the answer: where a body of an unknown coding
     * ends is anybody's guess, and what follows would be taken for a request.
     */
    static @Nullable ApiError refusal(MultiMap headers) {
        List<String> transfer = headers.getAll("Transfer-Encoding");
        if (!transfer.isEmpty()
                && (transfer.size() > 1 || !transfer.getFirst().trim().equalsIgnoreCase("chunked"))) {
            return ApiError.invalid(
                    400,
                    "unknown_transfer_encoding",
                    null,
                    "found Transfer-Encoding %s; expected chunked, or Content-Length instead"
                            .formatted(String.join(", ", transfer)));
        }
        String content = String.join(", ", headers.getAll("Content-Encoding")).trim();
        if (!content.isEmpty() && !content.equalsIgnoreCase("identity")) {
            // A few kilobytes may unpack to gigabytes, and no client of ours packs.
            return ApiError.invalid(
                    415,
                    "unsupported_content_encoding",
                    null,
                    "found Content-Encoding %s; expected the body as it is".formatted(content));
        }
        return null;
    }
}
