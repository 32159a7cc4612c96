package mlxstack.simulator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer to one request. Owned by the connection's thread. */
final class Answer {

    private final Wire wire;
    private final boolean old;
    private boolean keepAlive;
    private boolean chunked;
    private int status;

    Answer(Wire wire, boolean old, boolean keepAlive) {
        this.wire = wire;
        this.old = old;
        this.keepAlive = keepAlive;
    }

    /** No other follows it on the connection. Before it begins. */
    void last() {
        keepAlive = false;
    }

    /** 0 before there is one. */
    int status() {
        return status;
    }

    void json(int code, Map<String, @Nullable Object> body) throws IOException {
        send(code, "", body);
    }

    /** An error in OpenAI's shape. */
    void error(int code, String type, String message, @Nullable Integer retryAfter) throws IOException {
        var error = new LinkedHashMap<String, @Nullable Object>();
        error.put("message", message);
        error.put("type", type);
        error.put("param", null);
        error.put("code", null);
        send(code, retryAfter == null ? "" : "Retry-After: " + retryAfter + "\r\n", Map.of("error", error));
    }

    private void send(int code, String headers, Map<String, ? extends @Nullable Object> body) throws IOException {
        byte[] bytes = JsonText.of(body).getBytes(StandardCharsets.UTF_8);
        byte[] head = head(code, "application/json", headers + "Content-Length: " + bytes.length + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] all = java.util.Arrays.copyOf(head, head.length + bytes.length);
        System.arraycopy(bytes, 0, all, head.length, bytes.length);
        wire.write(all);
    }

    /** Begins a stream of server-sent events. */
    void stream() throws IOException {
        chunked = !old;
        wire.write(head(
                200,
                "text/event-stream",
                "Cache-Control: no-cache\r\n" + (chunked ? "Transfer-Encoding: chunked\r\n" : "")));
    }

    void event(String data) throws IOException {
        byte[] text = ("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
        if (!chunked) {
            wire.write(text);
            return;
        }
        byte[] size = (Integer.toHexString(text.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[size.length + text.length + 2];
        System.arraycopy(size, 0, all, 0, size.length);
        System.arraycopy(text, 0, all, size.length, text.length);
        all[all.length - 2] = '\r';
        all[all.length - 1] = '\n';
        wire.write(all);
    }

    void end() throws IOException {
        if (chunked) {
            wire.write("0\r\n\r\n");
        }
    }

    /** Whether the connection can take another request. */
    boolean keepsAlive() {
        return keepAlive && !(old && status == 200 && !chunked);
    }

    private String head(int code, String type, String headers) {
        status = code;
        return "HTTP/1.1 " + code + " " + reason(code) + "\r\nServer: mlxstack-simulator\r\nContent-Type: " + type
                + "\r\n" + headers + (keepsAlive() ? "" : "Connection: close\r\n") + "\r\n";
    }

    private static String reason(int code) {
        return switch (code) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 413 -> "Content Too Large";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 503 -> "Service Unavailable";
            default -> "Status";
        };
    }
}
