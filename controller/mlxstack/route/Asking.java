package mlxstack.route;

import io.vavr.control.Either;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import mlxstack.spec.Complexity;
import mlxstack.spec.Route;
import mlxstack.wire.ApiError;
import mlxstack.wire.Operation;
import org.jspecify.annotations.Nullable;

/**
 * From a request as it came to what routing wants to know of it; what this table does not ask for is not looked at, and
 * without routes and complexity that is everything but the names. Stateless.
 */
public final class Asking {

    /** Headers that name a conversation: Claude Code, Codex, opencode. */
    private static final List<String> SESSIONS =
            List.of("x-claude-code-session-id", "session-id", "x-session-affinity", "x-session-id");

    private static final int LONGEST_SESSION = 256;

    private Asking() {}

    /**
     * Reads the body as JSON only if a rule looks at the context, complexity is asked for, or the model is missing.
     *
     * @param model as the client wrote it; empty when there is none, so that {@code model_class} is looked for
     * @param key the name of the key it came with; null without one
     * @param header by name in lower case; null when it was not sent. An operator on nullable texts
     * @return left: 400, the context header cannot be read
     */
    public static Either<ApiError, Ask> of(
            Table table,
            Operation operation,
            String model,
            @Nullable String key,
            UnaryOperator<@Nullable String> header,
            byte[] bytes,
            int length) {
        var complexity = table.complexity();
        boolean scored = complexity != null
                && complexity.mode() != Complexity.Mode.OFF
                && complexity.model().equals(model);
        boolean contexts = scored || asksForContext(table.routes());
        if (!contexts && !model.isEmpty()) {
            return Either.right(new Ask(operation, model, null, key, headers(table.routes(), header), Map.of(), null));
        }
        String claimed = header.apply(Context.HEADER);
        Either<ApiError, Map<String, String>> claims =
                claimed == null ? Either.right(Map.of()) : Context.header(claimed);
        if (claims.isLeft()) {
            return Either.left(claims.getLeft());
        }
        var body = Body.read(operation, bytes, length);
        var owner = Router.key(table, key);
        return Either.right(new Ask(
                operation,
                model,
                model.isEmpty() ? body.modelClass() : null,
                key,
                headers(table.routes(), header),
                Context.merge(claims.get(), body.metadata(), owner == null ? Map.of() : owner.context()),
                scored ? body.traits(length, session(key, header, body)) : null));
    }

    private static boolean asksForContext(List<Route> routes) {
        for (Route route : routes) {
            if (!route.match().context().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Those that rules look at. */
    private static Map<String, String> headers(List<Route> routes, UnaryOperator<@Nullable String> header) {
        Map<String, String> headers = Map.of();
        for (Route route : routes) {
            for (String name : route.match().headers().keySet()) {
                String value = header.apply(name);
                if (value != null) {
                    headers = headers.isEmpty() ? new HashMap<>() : headers;
                    headers.put(name, value);
                }
            }
        }
        return headers;
    }

    /** One key's conversations are not another's. */
    private static @Nullable String session(@Nullable String key, UnaryOperator<@Nullable String> header, Body body) {
        String session = body.cacheKey();
        for (String name : SESSIONS) {
            String value = header.apply(name);
            if (value != null && !value.isBlank()) {
                session = value;
                break;
            }
        }
        return session == null || session.length() > LONGEST_SESSION ? null : (key == null ? "" : key) + "\n" + session;
    }
}
