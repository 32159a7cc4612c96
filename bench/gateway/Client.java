import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One connection, kept from request to request, as plain as can be so that it measures nothing of its own. */
final class Client implements AutoCloseable {

    private static final Pattern TOKEN = Pattern.compile("t(\\d+)@(\\d+) ");
    private static final String LAST_CHUNK = "\r\n0\r\n\r\n";

    /** A line of a prompt, with what JSON has to escape. */
    private static final String LINE = "In file \\\"main.c\\\", line 42: the quick brown fox jumps over {lazy: [1, 2]} dogs.\\n";

    private static final int LINES = 24;

    /** Most clients send one, and LiteLLM insists. */
    private static final String KEY = System.getenv("KEY");

    /** Servers close what is idle for five seconds. */
    private static final long REST_NANOS = 2_000_000_000;

    private static final int SILENCE_MS = 60_000;

    private final int port;
    private long used;
    private Socket socket;
    private InputStream in;

    Client(int port) throws IOException {
        this.port = port;
        open();
    }

    private void open() throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(SILENCE_MS);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        used = System.nanoTime();
    }

    /**
     * @param bytes of the conversation at least, in turns of 2 KB
     * @param words what is said first, which the upstream reads
     */
    static byte[] request(String model, int bytes, boolean stream, String words) {
        var messages = new StringBuilder("{\"role\":\"user\",\"content\":\"" + words + "\"}");
        for (int i = 0; messages.length() < bytes; i++) {
            messages.append(",{\"role\":\"")
                    .append(i % 2 == 0 ? "assistant" : "user")
                    .append("\",\"content\":\"")
                    .append(LINE.repeat(LINES))
                    .append("\"}");
        }
        String body = "{\"model\":\"" + model + "\",\"messages\":[" + messages + "]" + (stream ? ",\"stream\":true}" : "}");
        return ("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                        + KEY + "\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    void send(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
    }

    /** Reads one whole answer; its status. */
    int answer() throws IOException {
        String first = line();
        int length = -1;
        boolean close = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            }
            close |= lower.equals("connection: close");
        }
        if (length >= 0) {
            in.skipNBytes(length);
        } else {
            for (int size = chunk(); size > 0; size = chunk()) {
                in.skipNBytes(size);
                line();
            }
            line();
        }
        if (close) {
            socket.close();
            open();
        }
        return Integer.parseInt(first.split(" ")[1]);
    }

    private int chunk() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("closed");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    /**
     * @param first milliseconds to the first token
     * @param delays of each token from the upstream's hand to ours, milliseconds
     * @param merged tokens that came in one chunk with the one before
     * @param whole whether it ended as it should
     */
    record Stream(double first, double[] delays, int lost, int merged, boolean whole) {}

    /** Asks for so many tokens and reads them all. */
    Stream stream(byte[] request, int tokens) throws IOException {
        byte[] part = new byte[1 << 16];
        if (System.nanoTime() - used > REST_NANOS) {
            socket.close();
            open();
        }
        long began = System.nanoTime();
        send(request);
        var text = new StringBuilder();
        double[] delays = new double[tokens];
        double first = -1;
        int seen = 0;
        int merged = 0;
        int from = 0;
        boolean done = false;
        while (!done) {
            int length = read(part);
            if (length < 0) {
                break;
            }
            long now = System.nanoTime();
            text.append(new String(part, 0, length, StandardCharsets.ISO_8859_1));
            Matcher token = TOKEN.matcher(text);
            while (token.find(from)) {
                first = first < 0 ? (now - began) / 1e6 : first;
                if (seen < tokens && Integer.parseInt(token.group(1)) == seen) {
                    delays[seen++] = (now - Long.parseLong(token.group(2))) / 1e6;
                }
                int boundary = text.indexOf("\r\n", from);
                merged += seen > 1 && (boundary < 0 || boundary > token.start()) ? 1 : 0;
                from = token.end();
            }
            int at = text.length() - LAST_CHUNK.length();
            done = at >= 0 && text.indexOf(LAST_CHUNK, at) >= 0;
            if (from > 1 << 15) {
                text.delete(0, from);
                from = 0;
            }
        }
        used = System.nanoTime();
        boolean whole = done && text.indexOf("[DONE]", from) >= 0;
        if (!whole) {
            System.err.printf("after %d ms and %d tokens: %s%n", (used - began) / 1_000_000, seen, text);
        }
        double[] got = new double[seen];
        System.arraycopy(delays, 0, got, 0, seen);
        return new Stream(first, got, tokens - seen, merged, whole);
    }

    /** -1 at the end, and when nothing comes any more. */
    private int read(byte[] part) throws IOException {
        try {
            return in.read(part);
        } catch (SocketTimeoutException e) {
            return -1;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
