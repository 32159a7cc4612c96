package mlxstack.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import mlxstack.ledger.Keys.Caller;
import mlxstack.route.Router;
import mlxstack.route.Spending;
import mlxstack.route.Table;
import mlxstack.upstream.Dispatcher;
import mlxstack.upstream.Reply;
import mlxstack.wire.ApiError;
import mlxstack.wire.Dialect;
import mlxstack.wire.RouterChat;
import org.jspecify.annotations.Nullable;

/** Says what becomes of a request. Event loop only. */
final class Front {

    /** Of ours go into headers and logs. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

    private static final String MODELS = "/v1/models";
    private static final Set<String> POSTS = Set.of(
            "/v1/chat/completions",
            "/v1/completions",
            "/v1/embeddings",
            "/v1/responses",
            "/v1/messages",
            "/v1/messages/count_tokens",
            RouterChat.PATH);

    private final TableFile tables;
    private final Posts posts;
    private final Supplier<JsonObject> health;
    private final Recall recall;
    private final Instant since = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    /** @param health what {@code /health} says, asked anew each time */
    Front(
            Vertx vertx,
            TableFile tables,
            Dispatcher dispatcher,
            Intake intake,
            Spending spending,
            Recall recall,
            Supplier<JsonObject> health) {
        this.tables = tables;
        this.posts = new Posts(vertx, tables, dispatcher, intake, spending, recall);
        this.recall = recall;
        this.health = health;
    }

    void serve(HttpServerRequest request) {
        var refusal = Doorkeeper.refusal(
                request.method().name(),
                request.getHeader("Host"),
                request.version() == HttpVersion.HTTP_1_0,
                request.getHeader("Origin"),
                request.getHeader("Sec-Fetch-Site"));
        if (refusal != null) {
            refuse(request, refusal);
            return;
        }
        var unreadable = BodyRules.refusal(request.headers());
        if (unreadable != null) {
            // Registered before there is an answer: afterwards it may be written already.
            request.response().endHandler(_ -> request.connection().close());
            refuse(request, unreadable);
            return;
        }
        String path = Objects.requireNonNullElse(request.path(), "/");
        if (path.equals("/health")) {
            read(request, () -> answer(request, 200, health.get()));
            return;
        }
        if (!path.startsWith("/v1/")) {
            // Some clients look, without their key, which kind of server this is.
            refuse(request, ApiError.invalid(404, "not_found", null, "there is no " + shown(path)));
            return;
        }
        var table = tables.current();
        switch (tables.keys().caller(request.getHeader("Authorization"), request.getHeader("x-api-key"))) {
            case Caller.Stranger(var error) -> refuse(request, error);
            case Caller.Anybody() -> serve(request, path, table, null);
            case Caller.Holder(var key) -> serve(request, path, table, key);
        }
    }

    private void serve(HttpServerRequest request, String path, Table table, @Nullable String key) {
        if (path.equals(MODELS) || path.equals(MODELS + "/")) {
            read(request, () -> answer(request, 200, Listing.all(table, key, flavour(request), since)));
        } else if (path.startsWith(MODELS + "/")) {
            read(request, () -> model(request, table, key, path.substring(MODELS.length() + 1)));
        } else if (path.startsWith(Recall.PATH)) {
            recall.serve(request, path, key == null ? "" : key);
        } else if (odd(path)) {
            refuse(request, ApiError.invalid(404, "not_found", null, "there is no " + shown(path)));
        } else if (request.method().name().equals("POST")) {
            posts.serve(request, path, key);
        } else if (POSTS.contains(path)) {
            request.response().putHeader("Allow", "POST");
            wrongMethod(request, "POST");
        } else {
            refuse(request, ApiError.invalid(404, "not_found", null, "there is no " + shown(path)));
        }
    }

    private void read(HttpServerRequest request, Runnable answer) {
        switch (request.method().name()) {
            case "GET", "HEAD" -> answer.run();
            default -> {
                request.response().putHeader("Allow", "GET, HEAD");
                wrongMethod(request, "GET");
            }
        }
    }

    private static void wrongMethod(HttpServerRequest request, String expected) {
        refuse(
                request,
                ApiError.invalid(
                        405,
                        "method_not_allowed",
                        null,
                        "found %s %s; expected %s".formatted(request.method(), shown(request.path()), expected)));
    }

    private void model(HttpServerRequest request, Table table, @Nullable String key, String escaped) {
        String name;
        try {
            // A plus stands for itself in a path.
            name = URLDecoder.decode(escaped.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            name = escaped;
        }
        var listed = Listing.one(table, key, name, flavour(request), since);
        if (listed == null) {
            refuse(request, Router.unknown(table, key, name));
        } else {
            answer(request, 200, listed);
        }
    }

    /** The client's name for its request, or one of ours. */
    static String id(HttpServerRequest request) {
        String given = request.getHeader("x-request-id");
        return given != null && ID.matcher(given).matches()
                ? given
                : "req_"
                        + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    /** The listing is at one path for two dialects; only Anthropic's clients name a version. */
    private static Dialect flavour(HttpServerRequest request) {
        return request.getHeader("anthropic-version") == null ? Dialect.CHAT : Dialect.MESSAGES;
    }

    /** A path that its server might read as another one. */
    private static boolean odd(String path) {
        var lower = path.toLowerCase(Locale.ROOT);
        return lower.contains("..") || lower.contains("%2e") || lower.contains("%2f") || lower.contains("//");
    }

    static void refuse(HttpServerRequest request, ApiError error) {
        var dialect = Dialect.of(Objects.requireNonNullElse(request.path(), "/"));
        Reply.refuse(request, error, dialect, id(request));
    }

    private static void answer(HttpServerRequest request, int status, JsonObject json) {
        answer(request, status, Buffer.buffer(json.encode()));
    }

    private static void answer(HttpServerRequest request, int status, Buffer json) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(json);
    }

    private static String shown(@Nullable String path) {
        return path == null || path.length() <= 100 ? String.valueOf(path) : path.substring(0, 100) + "…";
    }
}
