package mlxstack.upstream;

import io.vertx.core.http.HttpServerRequest;
import java.util.function.Function;
import mlxstack.route.Decision;
import mlxstack.route.Table;
import mlxstack.wire.Operation;
import org.jspecify.annotations.Nullable;

/**
 * A request that is to be answered by a backend.
 *
 * @param id {@code x-request-id}, the client's or one that was made
 * @param uri path and query
 * @param key the name of the key it came with; null without one
 * @param decide where it may go by a table; asked again when that changes while it waits
 */
public record Call(
        HttpServerRequest request,
        String id,
        Operation operation,
        String uri,
        @Nullable String key,
        Payload body,
        Function<Table, Decision> decide) {

    /** Whose turn it is, among those that wait. */
    String lane() {
        return key == null ? "" : key;
    }
}
