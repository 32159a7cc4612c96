package mlxstack.gateway;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A model server whose answers are written by the test, byte by byte. A thread of its own for each connection. */
final class TestingUpstream implements AutoCloseable {

    private final ServerSocket listening;
    private final Script script;
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final Thread accepting;

    private TestingUpstream(ServerSocket listening, Script script) {
        this.listening = listening;
        this.script = script;
        accepting = Thread.ofVirtual().start(this::accept);
    }

    static TestingUpstream start(Script script) throws IOException {
        return start(0, script);
    }

    static TestingUpstream start(int port, Script script) throws IOException {
        return new TestingUpstream(new ServerSocket(port, 50, InetAddress.getLoopbackAddress()), script);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** The next request that came, waiting for it. */
    Received next() throws InterruptedException {
        var next = received.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no request came");
        }
        return next;
    }

    int waiting() {
        return received.size();
    }

    private void accept() {
        try {
            while (true) {
                var socket = listening.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket socket) {
        try (var connection = new Connection(socket)) {
            for (Received request = connection.read(); request != null; request = connection.read()) {
                received.add(request);
                script.answer(request, connection);
            }
        } catch (Exception e) {
            // The client hung up, or the script did.
        }
    }

    /** Takes no connection from here on: the port is open for as long as a virtual thread still accepts on it. */
    void stop() throws IOException {
        listening.close();
        try {
            accepting.join();
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    @Override
    public void close() throws IOException {
        stop();
    }

    @FunctionalInterface
    interface Script {
        void answer(Received request, Connection connection) throws Exception;
    }

    /** @param headers by name in lower case */
    record Received(String line, Map<String, String> headers, String text) {}

    static final class Connection implements Closeable {

        private final Socket socket;
        private final InputStream in;
        private int requests;

        private Connection(Socket socket) throws IOException {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
        }

        private @Nullable Received read() throws IOException {
            String first = line();
            if (first == null) {
                return null;
            }
            var headers = new TreeMap<String, String>();
            for (String line = line(); line != null && !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            requests++;
            return new Received(
                    first,
                    headers,
                    new String(
                            in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0"))),
                            StandardCharsets.UTF_8));
        }

        private @Nullable String line() throws IOException {
            var line = new ByteArrayOutputStream();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    return null;
                }
                line.write(b);
            }
            return line.toString(StandardCharsets.UTF_8).strip();
        }

        /** So far, the present one included. */
        int requests() {
            return requests;
        }

        void send(String text) throws IOException {
            send(text.getBytes(StandardCharsets.UTF_8));
        }

        void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        /** A whole answer of this type and length. */
        void json(String body) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + bytes.length + "\r\n\r\n");
            send(bytes);
        }

        void events() throws IOException {
            send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        }

        void chunk(byte[] bytes) throws IOException {
            send(Integer.toHexString(bytes.length) + "\r\n");
            send(bytes);
            send("\r\n");
        }

        void chunk(String text) throws IOException {
            chunk(text.getBytes(StandardCharsets.UTF_8));
        }

        void lastChunk() throws IOException {
            send("0\r\n\r\n");
        }

        /** Returns when the other side has closed the connection. */
        void awaitHangUp() {
            try {
                while (in.read() >= 0) {
                    // Nothing is expected.
                }
            } catch (IOException e) {
                // A reset is a hang-up as well.
            }
        }

        void reset() throws IOException {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            socket.close();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
