package mlxstack.probe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that says exactly what a test wants, byte for byte, to each connection. */
public final class Peer implements AutoCloseable {

    public interface Reply {
        /** @param request head and body as they came */
        void to(String request, OutputStream out) throws Exception;
    }

    private final ServerSocket socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Reply reply;
    private final Thread accepting;

    Peer(Reply reply) throws IOException {
        this.reply = reply;
        accepting = Thread.ofVirtual().start(this::accept);
    }

    Peer(String... text) throws IOException {
        this(text(text));
    }

    static Reply text(String... lines) {
        return (_, out) -> out.write(String.join("\r\n", lines).getBytes(StandardCharsets.UTF_8));
    }

    static Reply status(int status) {
        return text("HTTP/1.1 " + status + " X", "Content-Length: 0", "", "");
    }

    /** Takes the request and never answers; the connection ends when the other side goes. */
    static final Reply SILENCE = new Silence();

    private record Silence() implements Reply {
        @Override
        public void to(String request, OutputStream out) {}
    }

    /** A stranger that answers everything a model server is asked as one that is well. */
    public static Peer flatterer() throws IOException {
        return new Peer(text(
                "HTTP/1.0 200 OK",
                "Content-Type: application/json",
                "",
                "{\"status\":\"ok\",\"choices\":[{\"text\":\"a\"}]}"));
    }

    void say(Reply next) {
        reply = next;
    }

    public int port() {
        return socket.getLocalPort();
    }

    List<String> requests() {
        return requests;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                var connection = socket.accept();
                open.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            var request = request(connection);
            requests.add(request);
            if (reply instanceof Silence) {
                connection.getInputStream().transferTo(OutputStream.nullOutputStream());
            } else {
                reply.to(request, connection.getOutputStream());
            }
        } catch (Exception e) {
            // The probe has gone.
        } finally {
            open.remove(connection);
        }
    }

    private static String request(Socket connection) throws IOException {
        var in = connection.getInputStream();
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int c = in.read();
            if (c < 0) {
                return head.toString(StandardCharsets.UTF_8);
            }
            head.write(c);
        }
        var text = head.toString(StandardCharsets.UTF_8);
        var length = java.util.regex.Pattern.compile("Content-Length: (\\d+)").matcher(text);
        return length.find()
                ? text + new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8)
                : text;
    }

    /** Gives the port back before the test is over. */
    public void leave() throws IOException {
        close();
    }

    /** The port is open for as long as a virtual thread still accepts on it. */
    @Override
    public void close() throws IOException {
        socket.close();
        try {
            accepting.join();
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
        for (var connection : open) {
            connection.close();
        }
    }
}
