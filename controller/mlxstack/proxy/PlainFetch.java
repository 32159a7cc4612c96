package mlxstack.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/**
 * HTTP/1.0 over a plain socket: the end of the connection is the end of the answer. An HTTP library would cost the
 * daemon more memory than all it supervises.
 *
 * @param millis for everything together
 */
record PlainFetch(int millis) implements Fetch {

    private static final int LARGEST = 64 * 1024;

    @Override
    public String get(String host, int port, String path) throws IOException {
        long until = System.nanoTime() + millis * 1_000_000L;
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(host), port), millis);
            String authority = (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
            socket.getOutputStream()
                    .write("GET %s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n\r\n"
                            .formatted(path, authority)
                            .getBytes(StandardCharsets.ISO_8859_1));
            var answer = new ByteArrayOutputStream();
            byte[] part = new byte[4 * 1024];
            while (answer.size() < LARGEST) {
                socket.setSoTimeout(left(until));
                int length = socket.getInputStream().read(part);
                if (length < 0) {
                    break;
                }
                answer.write(part, 0, length);
            }
            return answer.toString(StandardCharsets.UTF_8);
        }
    }

    private int left(long until) throws SocketTimeoutException {
        long left = (until - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException("no whole answer within " + millis + " ms");
        }
        return Math.toIntExact(left);
    }
}
