package mlxstack.gateway;

import io.vertx.core.buffer.Buffer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A client that sends exactly what the test says, and tells a whole answer from one that was cut. */
final class TestingClient implements AutoCloseable {

    private static final int PATIENCE_MS = 30_000;

    private final Socket socket;
    private final InputStream in;

    TestingClient(int port) throws IOException {
        this(port, 0);
    }

    /** @param address of this machine */
    TestingClient(InetAddress address, int port) throws IOException {
        this(new java.net.InetSocketAddress(address, port), 0);
    }

    /** @param receiveBuffer bytes the kernel may take for a client that does not read; 0 as usual */
    TestingClient(int port, int receiveBuffer) throws IOException {
        this(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port), receiveBuffer);
    }

    private TestingClient(java.net.InetSocketAddress to, int receiveBuffer) throws IOException {
        socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(to);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /**
     * One request on a connection of its own.
     *
     * @param headers as in {@code Name: value}
     */
    static Answer call(int port, String method, String path, String body, String... headers) throws IOException {
        try (var client = new TestingClient(port)) {
            client.send(method, path, body, headers);
            return client.answer();
        }
    }

    static Answer get(int port, String path, String... headers) throws IOException {
        return call(port, "GET", path, "", headers);
    }

    static Answer post(int port, String path, String body, String... headers) throws IOException {
        return call(port, "POST", path, body, headers);
    }

    void send(String method, String path, String body, String... headers) throws IOException {
        var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        boolean host = false;
        for (String header : headers) {
            host |= header.toLowerCase(Locale.ROOT).startsWith("host:");
            head.append(header).append("\r\n");
        }
        if (!host) {
            head.append("Host: 127.0.0.1:").append(socket.getPort()).append("\r\n");
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0) {
            head.append("Content-Length: ").append(bytes.length).append("\r\n");
        }
        raw(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        raw(bytes);
    }

    void raw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Reads one answer to its end, or as far as it came. */
    Answer answer() throws IOException {
        var head = head();
        var body = new ByteArrayOutputStream();
        boolean whole = true;
        try {
            if ("chunked".equals(head.headers.get("transfer-encoding"))) {
                for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
                    body.writeBytes(chunk);
                }
            } else {
                body.writeBytes(exactly(Integer.parseInt(head.headers.getOrDefault("content-length", "0"))));
            }
        } catch (EOFException | SocketException e) {
            whole = false;
        }
        return new Answer(head.status, head.headers, Buffer.buffer(body.toByteArray()), whole);
    }

    Head head() throws IOException {
        int status = Integer.parseInt(line().split(" ")[1]);
        if (status == 100) {
            line();
            return head();
        }
        var headers = new TreeMap<String, String>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (a, b) -> a + ", " + b);
        }
        return new Head(status, headers);
    }

    /** The next chunk of a chunked body; empty at its end. */
    byte[] chunk() throws IOException {
        int length = Integer.parseInt(line(), 16);
        byte[] chunk = exactly(length);
        line();
        return chunk;
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("connection closed after \"" + line + "\"");
            }
            line.append((char) b);
        }
        return line.toString().strip();
    }

    /** True once the other side has closed the connection. */
    boolean closed() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    void hangUp() throws IOException {
        socket.close();
    }

    void reset() throws IOException {
        socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    record Head(int status, Map<String, String> headers) {}

    /** @param whole false when the connection ended before the body did */
    record Answer(int status, Map<String, String> headers, Buffer body, boolean whole) {
        String text() {
            return body.toString();
        }
    }
}
