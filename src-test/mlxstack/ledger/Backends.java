package mlxstack.ledger;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import mlxstack.route.Backend;
import mlxstack.route.Price;
import mlxstack.spec.Provider;
import mlxstack.wire.Operation;
import org.jspecify.annotations.Nullable;

/** Backends for tests. */
final class Backends {

    private Backends() {}

    static Backend local(String id) {
        return backend(id, null, Price.FREE);
    }

    static Backend remote(String id, Price price) {
        return backend(id, Provider.Type.OPENAI, price);
    }

    // In a class file NullAway does not see that the type of a record's component may be null when that type is nested.
    @SuppressWarnings("NullAway")
    private static Backend backend(String id, Provider.@Nullable Type api, Price price) {
        return new Backend(
                id,
                List.of(id),
                URI.create("http://127.0.0.1:1"),
                null,
                api,
                null,
                Set.of(Operation.CHAT_COMPLETIONS),
                Backend.Availability.READY,
                0,
                0,
                0,
                Duration.ZERO,
                null,
                price);
    }
}
