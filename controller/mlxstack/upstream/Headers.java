package mlxstack.upstream;

import io.vertx.core.MultiMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import mlxstack.route.Backend;
import mlxstack.wire.Dialect;
import org.jspecify.annotations.Nullable;

/** Which headers go through. Stateless. */
final class Headers {

    /** The version of Messages that is asked for when the client speaks another dialect. */
    private static final String MESSAGES_VERSION = "2023-06-01";

    private static final String PARENT = "traceparent";
    /** Within its value: {@code 00-TRACE-SPAN-FLAGS}. */
    private static final int TRACE_AT = 3;

    private static final int TRACE_LENGTH = 32;

    /** Meant for the next hop only. */
    private static final Set<String> HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    /**
     * Set anew, or the client's own business: its key is for the gateway, and a compressed answer could not be followed
     * by an error in plain text.
     */
    private static final Set<String> TO_GATEWAY = Set.of(
            "host",
            "content-length",
            "expect",
            "accept-encoding",
            "authorization",
            "x-api-key",
            "api-key",
            "x-goog-api-key",
            "openai-organization",
            "openai-project",
            "x-request-id",
            "cookie",
            "origin",
            "referer",
            "forwarded");

    private Headers() {}

    static void toUpstream(MultiMap from, MultiMap to, String requestId) {
        var named = connectionNames(from);
        for (Map.Entry<String, String> header : from) {
            var name = header.getKey().toLowerCase(Locale.ROOT);
            if (!HOP.contains(name)
                    && !named.contains(name)
                    && !TO_GATEWAY.contains(name)
                    && !name.startsWith("x-forwarded-")
                    && !name.startsWith("x-mlxstack-")
                    && !name.startsWith("sec-fetch-")) {
                to.add(header.getKey(), header.getValue());
            }
        }
        to.set("Accept-Encoding", "identity");
        to.set("x-request-id", requestId);
    }

    /** What a request in another dialect than its client's has to say. */
    static void translated(MultiMap to, Dialect dialect) {
        to.set("Content-Type", "application/json");
        if (dialect == Dialect.MESSAGES) {
            if (!to.contains("anthropic-version")) {
                to.set("anthropic-version", MESSAGES_VERSION);
            }
        } else {
            to.remove("anthropic-version");
            to.remove("anthropic-beta");
        }
    }

    /** What belongs to a trace is forwarded with it, and with no other. */
    static void trace(MultiMap to, String parent) {
        String given = to.get(PARENT);
        if (given == null || !given.regionMatches(TRACE_AT, parent, TRACE_AT, TRACE_LENGTH)) {
            to.remove("tracestate");
        }
        to.set(PARENT, parent);
    }

    /** @param secret the backend's own key; null: none */
    static void authorize(MultiMap to, Backend backend, @Nullable String secret) {
        if (backend.api() == null) {
            return;
        }
        switch (backend.api()) {
            case OPENAI, OLLAMA -> {
                if (secret != null) {
                    to.set("Authorization", "Bearer " + secret);
                }
            }
            case ANTHROPIC -> {
                if (secret != null) {
                    to.set("x-api-key", secret);
                }
                if (!to.contains("anthropic-version")) {
                    to.set("anthropic-version", MESSAGES_VERSION);
                }
            }
        }
    }

    /**
     * Some servers allow every web page to use them; that is not theirs to say here.
     *
     * @param same whether the body is theirs too, so that what they say about it holds
     */
    static void toClient(MultiMap from, MultiMap to, boolean same) {
        var named = connectionNames(from);
        for (Map.Entry<String, String> header : from) {
            var name = header.getKey().toLowerCase(Locale.ROOT);
            if (!HOP.contains(name)
                    && !named.contains(name)
                    && !name.startsWith("access-control-")
                    && !name.equals("set-cookie")
                    && !name.equals("x-request-id")
                    && (same || !name.startsWith("content-"))) {
                to.add(header.getKey(), header.getValue());
            }
        }
    }

    private static Set<String> connectionNames(MultiMap headers) {
        var all = headers.getAll("Connection");
        if (all.isEmpty()) {
            return Set.of();
        }
        var names = new HashSet<String>();
        for (String value : all) {
            for (String name : value.split(",")) {
                names.add(name.trim().toLowerCase(Locale.ROOT));
            }
        }
        // A client could otherwise have its body's length forgotten.
        names.remove("content-length");
        names.remove("content-type");
        return names;
    }
}
