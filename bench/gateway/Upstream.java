import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * The model server behind every gateway that is measured: answers at once, or streams tokens at a set pace, each with its
 * number and the moment it was sent (System.nanoTime(), one clock for all processes of a machine).
 *
 * <p>usage: Upstream PORT. What a request wants is in its body, where gateways may reorder the fields: {@code "stream":true}, and within
 * a message {@code n=TOKENS}, {@code pace=MICROSECONDS} and when within them,
 * {@code beat=MICROSECONDS}, {@code hang=ID} (never answers; GET /came/ID waits for it to come, GET /gone/ID for the client to leave, and says when).
 */
public class Upstream {

    /** Longer ones want nothing but an answer. */
    private static final int SHORT = 4_000;

    private static final Pattern STREAM = Pattern.compile("\"stream\": ?true");
    private static final Pattern TOKENS = Pattern.compile("n=(\\d+)");
    private static final Pattern PACE = Pattern.compile("pace=(\\d+)");
    private static final Pattern BEAT = Pattern.compile("beat=(\\d+)");
    private static final Pattern HANG = Pattern.compile("hang=(\\w+)");
    private static final Map<String, CompletableFuture<Long>> EVENTS = new ConcurrentHashMap<>();
    private static final byte[] ANSWER = answer("{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":"
            + "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello, how can I help you today?\"},"
            + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":9,\"total_tokens\":18}}");

    public static void main(String[] args) throws IOException {
        try (var server = new ServerSocket(Integer.parseInt(args[0]), 1024, InetAddress.getLoopbackAddress())) {
            while (true) {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        }
    }

    private static byte[] answer(String json) {
        return ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + json.length() + "\r\n\r\n" + json)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            var out = socket.getOutputStream();
            for (String first = line(in); first != null; first = line(in)) {
                int length = 0;
                for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
                    if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                        length = Integer.parseInt(line.substring(15).strip());
                    }
                }
                one(first, new String(in.readNBytes(length), StandardCharsets.ISO_8859_1), in, out);
            }
        } catch (Exception e) {
            // The client has gone.
        }
    }

    private static void one(String first, String body, InputStream in, OutputStream out) throws Exception {
        if (first.startsWith("GET ")) {
            String path = first.split(" ")[1];
            boolean event = path.startsWith("/came/") || path.startsWith("/gone/");
            out.write(event ? answer(Long.toString(event(path).get())) : answer("{}"));
            return;
        }
        if (body.length() > SHORT) {
            out.write(ANSWER);
            return;
        }
        var hang = HANG.matcher(body);
        if (hang.find()) {
            event("/came/" + hang.group(1)).complete(System.nanoTime());
            try {
                while (in.read() >= 0) {}
            } finally {
                event("/gone/" + hang.group(1)).complete(System.nanoTime());
            }
            throw new IOException("gone");
        }
        if (!STREAM.matcher(body).find()) {
            out.write(ANSWER);
            return;
        }
        stream(number(TOKENS, body, 20), number(PACE, body, 10_000) * 1_000, number(BEAT, body, 0) * 1_000, out);
    }

    private static CompletableFuture<Long> event(String path) {
        return EVENTS.computeIfAbsent(path, _ -> new CompletableFuture<>());
    }

    private static long number(Pattern pattern, String text, long otherwise) {
        var found = pattern.matcher(text);
        return found.find() ? Long.parseLong(found.group(1)) : otherwise;
    }

    private static void stream(long tokens, long pace, long beat, OutputStream out) throws IOException {
        out.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        long due = System.nanoTime();
        for (long i = 0; i < tokens; i++) {
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            chunk(out, delta("{\"content\":\"t" + i + "@" + System.nanoTime() + " \"}", "null"));
            // The first at once, and all others on the stream's own beat, whenever it was that the request came.
            due += i == 0 ? pace + Math.floorMod(beat - due, pace) : pace;
        }
        chunk(out, delta("{}", "\"stop\""));
        chunk(out, "data: [DONE]\n\n");
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private static String delta(String delta, String finish) {
        return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
                + delta + ",\"finish_reason\":" + finish + "}]}\n\n";
    }

    private static void chunk(OutputStream out, String text) throws IOException {
        out.write((Integer.toHexString(text.length()) + "\r\n" + text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return null;
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }
}
