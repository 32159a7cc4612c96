package mlxstack.probe;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A GET as the kubelet makes it: 200 to 399 is well, redirects are followed on this host (ten of them, http only) and
 * count as well when they lead elsewhere, headers may be replaced and, of those sent by default, taken away. Stateless.
 */
final class HttpGet {

    private static final int MOST_REDIRECTS = 10;
    private static final int BODY = 10 * 1024;

    private HttpGet() {}

    static Answer ask(int port, String path, Map<String, String> headers, Deadline deadline) throws IOException {
        var at = URI.create("http://127.0.0.1:" + port).resolve(target(path));
        for (int hops = 0; ; hops++) {
            int there = at.getPort() < 0 ? 80 : at.getPort();
            var reply = Http.exchange(there, request("GET", at, headers, null), BODY, deadline);
            if (reply.status() < 200 || reply.status() >= 400) {
                return Answer.failure("HTTP " + reply.status() + " from " + at.getRawPath() + ":" + quote(reply));
            }
            var next = redirect(at, reply);
            if (next == null) {
                return Answer.success("HTTP " + reply.status());
            }
            if (!isHere(next)) {
                return Answer.success("HTTP " + reply.status() + " to another host, not followed");
            }
            if (hops == MOST_REDIRECTS - 1) {
                return Answer.failure("stopped after " + MOST_REDIRECTS + " redirects");
            }
            at = next;
        }
    }

    private static String quote(Http.Reply reply) {
        var said = Answer.quote(reply.body());
        return said.isEmpty() ? " (no body)" : said;
    }

    private static @Nullable URI redirect(URI at, Http.Reply reply) {
        boolean moved = switch (reply.status()) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
        var location = reply.header("location");
        if (!moved || location.isEmpty()) {
            return null;
        }
        try {
            return at.resolve(location.get());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isHere(URI uri) {
        return "http".equalsIgnoreCase(uri.getScheme())
                && ("127.0.0.1".equals(uri.getHost())
                        || "localhost".equalsIgnoreCase(uri.getHost())
                        || "[::1]".equals(uri.getHost()));
    }

    /** A path as people write it; what may not stand in a request line is escaped. */
    private static String target(String path) {
        var text = new StringBuilder(path.startsWith("/") ? "" : "/");
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c <= ' ' || c >= 0x7f || "\"<>\\^`{|}".indexOf(c) >= 0) {
                text.append("%%%02X".formatted((int) c));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    static byte[] request(String method, URI uri, Map<String, String> headers, @Nullable String body) {
        var text = new StringBuilder(256).append(method).append(' ').append(uri.getRawPath());
        if (uri.getRawPath().isEmpty()) {
            text.append('/');
        }
        if (uri.getRawQuery() != null) {
            text.append('?').append(uri.getRawQuery());
        }
        text.append(" HTTP/1.1\r\n");
        header(text, headers, "Host", uri.getRawAuthority());
        header(text, headers, "User-Agent", "mlxstack-probe");
        header(text, headers, "Accept", "*/*");
        headers.forEach((name, value) -> {
            if (!isOurs(name)) {
                text.append(name).append(": ").append(value).append("\r\n");
            }
        });
        text.append("Connection: close\r\n");
        if (body != null) {
            text.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(body.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n");
        }
        text.append("\r\n");
        return (body == null ? text : text.append(body)).toString().getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isOurs(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "host", "user-agent", "accept", "connection", "content-length" -> true;
            default -> false;
        };
    }

    /** One that is set by default; an empty value of the user's takes it away. */
    private static void header(StringBuilder text, Map<String, String> headers, String name, String otherwise) {
        var value = otherwise;
        for (var given : headers.entrySet()) {
            if (given.getKey().equalsIgnoreCase(name)) {
                value = given.getValue();
            }
        }
        if (!value.isEmpty()) {
            text.append(name).append(": ").append(value).append("\r\n");
        }
    }
}
