package mlxstack.simulator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One connection: HTTP/1.1 requests in, bytes out. Owned by the connection's thread. */
final class Wire implements AutoCloseable {

    private static final int LONGEST_HEAD = 64 * 1024;
    private static final int LONGEST_BODY = 64 << 20;
    private static final int IDLE_MILLIS = 120_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[8 * 1024];
    private int from;
    private int to;

    Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** The next request, or null when the client has closed the connection or kept it idle for two minutes. */
    @Nullable
    Request read() throws IOException {
        socket.setSoTimeout(IDLE_MILLIS);
        String first;
        try {
            first = line();
        } catch (SocketTimeoutException | ClientGone e) {
            return null;
        }
        String[] words = first.split(" ");
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
            throw new BadRequest(400, "expected an HTTP/1.1 request line");
        }
        var headers = new HashMap<String, String>();
        int size = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            size += line.length();
            int colon = line.indexOf(':');
            if (colon <= 0 || size > LONGEST_HEAD) {
                throw new BadRequest(size > LONGEST_HEAD ? 431 : 400, "a header line is wrong or there are too many");
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(java.util.Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
            write("HTTP/1.1 100 Continue\r\n\r\n");
        }
        byte[] body = body(headers);
        boolean old = words[2].equals("HTTP/1.0");
        String connection = headers.getOrDefault("connection", old ? "close" : "keep-alive");
        int query = words[1].indexOf('?');
        return new Request(
                words[0],
                query < 0 ? words[1] : words[1].substring(0, query),
                headers,
                new String(body, StandardCharsets.UTF_8),
                old,
                !connection.equalsIgnoreCase("close"));
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            var all = new ByteArrayOutputStream();
            while (true) {
                String size = line();
                int semicolon = size.indexOf(';');
                int length = number(semicolon < 0 ? size : size.substring(0, semicolon), 16);
                if (length == 0) {
                    while (!line().isEmpty()) {
                        // Trailers say nothing that is needed here.
                    }
                    return all.toByteArray();
                }
                all.write(exactly(length, all.size()));
                line();
            }
        }
        String length = headers.get("content-length");
        return length == null ? new byte[0] : exactly(number(length, 10), 0);
    }

    private static int number(String text, int radix) {
        try {
            return Integer.parseUnsignedInt(text.strip(), radix);
        } catch (NumberFormatException e) {
            throw new BadRequest(400, "\"" + text + "\" is no length");
        }
    }

    private byte[] exactly(int length, int before) throws IOException {
        if (length < 0 || length > LONGEST_BODY - before) {
            throw new BadRequest(413, "the body is longer than " + LONGEST_BODY + " bytes");
        }
        byte[] bytes = new byte[length];
        int ready = Math.min(length, to - from);
        System.arraycopy(buffer, from, bytes, 0, ready);
        from += ready;
        if (in.readNBytes(bytes, ready, length - ready) < length - ready) {
            throw new ClientGone();
        }
        return bytes;
    }

    private String line() throws IOException {
        var line = new StringBuilder(64);
        while (true) {
            if (from == to && !fill()) {
                throw new ClientGone();
            }
            byte b = buffer[from++];
            if (b == '\n') {
                int end = line.length();
                line.setLength(end > 0 && line.charAt(end - 1) == '\r' ? end - 1 : end);
                return line.toString();
            }
            if (line.length() > LONGEST_HEAD) {
                throw new BadRequest(431, "a line is too long");
            }
            line.append((char) (b & 0xff));
        }
    }

    private boolean fill() throws IOException {
        // A read that times out leaves all as it is: what was read once must not be read again.
        int length = in.read(buffer);
        from = 0;
        to = Math.max(0, length);
        return to > 0;
    }

    /** Lets the time pass, and notices at once when the client hangs up meanwhile. */
    void pause(Duration time) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        while (true) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return;
            }
            if (left < 1_000_000 || from < to) {
                // Below the socket's resolution, or the next request is here already and hides a hang-up.
                java.util.concurrent.locks.LockSupport.parkNanos(left);
            } else if (!quietFor((int) Math.min(Integer.MAX_VALUE, left / 1_000_000))) {
                throw new ClientGone();
            }
        }
    }

    /** Returns never: ends by {@link ClientGone}. */
    void silence() throws IOException {
        boolean there = true;
        while (there) {
            from = to;
            there = quietFor(0);
        }
        throw new ClientGone();
    }

    private boolean quietFor(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            return fill();
        } catch (SocketTimeoutException e) {
            return true;
        }
    }

    void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    void write(byte[] bytes) throws IOException {
        try {
            out.write(bytes);
        } catch (java.net.SocketException e) {
            var gone = new ClientGone();
            gone.initCause(e);
            throw gone;
        }
    }

    /** Closes so that the client sees a reset, as when a process is killed. */
    void reset() throws IOException {
        socket.setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
