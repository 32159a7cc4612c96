package mlxstack.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.Objects;
import mlxstack.upstream.Reply;
import mlxstack.wire.ApiError;
import mlxstack.wire.Dialect;
import org.jspecify.annotations.Nullable;

/** Gives the answers that no backend gives, and has them noted. Event loop only. */
final class Desk {

    private final Witness witness;
    private final InstantSource clock;

    Desk(Witness witness, InstantSource clock) {
        this.witness = witness;
        this.clock = clock;
    }

    /** @param key its name; null without one, or when it is not known whose it is */
    void refuse(HttpServerRequest request, @Nullable String key, ApiError error) {
        var id = Front.id(request);
        Reply.refuse(request, error, Dialect.of(Objects.requireNonNullElse(request.path(), "/")), id);
        witness.ended(new Seen.Visit(clock.instant(), request, id, key, error.status(), error));
    }

    void answer(HttpServerRequest request, @Nullable String key, Buffer json) {
        request.response().putHeader("Content-Type", "application/json").end(json);
        witness.ended(new Seen.Visit(clock.instant(), request, Front.id(request), key, 200, null));
    }
}
