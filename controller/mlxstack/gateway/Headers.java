package mlxstack.gateway;

import io.vertx.core.MultiMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which headers go through. Stateless. */
final class Headers {

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
            "cookie",
            "origin",
            "referer",
            "forwarded");

    private Headers() {}

    static void toUpstream(MultiMap from, MultiMap to) {
        var named = connectionNames(from);
        for (Map.Entry<String, String> header : from) {
            var name = header.getKey().toLowerCase(Locale.ROOT);
            if (!HOP.contains(name)
                    && !named.contains(name)
                    && !TO_GATEWAY.contains(name)
                    && !name.startsWith("x-forwarded-")
                    && !name.startsWith("sec-fetch-")) {
                to.add(header.getKey(), header.getValue());
            }
        }
        to.set("Accept-Encoding", "identity");
    }

    /** Some servers allow every web page to use them; that is not theirs to say here. */
    static void toClient(MultiMap from, MultiMap to) {
        var named = connectionNames(from);
        for (Map.Entry<String, String> header : from) {
            var name = header.getKey().toLowerCase(Locale.ROOT);
            if (!HOP.contains(name)
                    && !named.contains(name)
                    && !name.startsWith("access-control-")
                    && !name.equals("set-cookie")) {
                to.add(header.getKey(), header.getValue());
            }
        }
    }

    private static Set<String> connectionNames(MultiMap headers) {
        var names = new HashSet<String>();
        for (String value : headers.getAll("Connection")) {
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
