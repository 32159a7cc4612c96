package mlxstack.probe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * The little HTTP a probe needs: one exchange on loopback over a connection of its own. A library's client would cost
 * more memory than all probes together. Stateless.
 */
final class Http {

    private static final byte[] IPV4 = {127, 0, 0, 1};
    private static final byte[] IPV6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private Http() {}

    /** @param body the first bytes of it, as many as were asked for */
    record Reply(int status, Map<String, String> headers, String body) {

        Optional<String> header(String lowerCase) {
            return Optional.ofNullable(headers.get(lowerCase));
        }
    }

    /** To whoever listens on loopback; many servers that are told {@code localhost} take one family only. */
    static Socket connect(int port, Deadline deadline) throws IOException {
        try {
            return connect(IPV4, port, deadline);
        } catch (ConnectException refused) {
            try {
                return connect(IPV6, port, deadline);
            } catch (IOException e) {
                throw refused;
            }
        }
    }

    private static Socket connect(byte[] address, int port, Deadline deadline) throws IOException {
        var socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address(address), port), deadline.millis());
            if (socket.getLocalPort() == port) {
                // Where nobody listens the kernel may give out that very port and connect a socket to itself.
                throw new ConnectException("Connection refused");
            }
            socket.setTcpNoDelay(true);
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static InetAddress address(byte[] bytes) throws UnknownHostException {
        return InetAddress.getByAddress(bytes);
    }

    /**
     * Sends {@code request} and reads the answer.
     *
     * @param limit bytes of the body that are wanted; the rest is not read
     * @throws java.net.SocketTimeoutException at the deadline
     * @throws IOException if nobody listens, or what came is no HTTP
     */
    static Reply exchange(int port, byte[] request, int limit, Deadline deadline) throws IOException {
        try (var socket = connect(port, deadline)) {
            socket.getOutputStream().write(request);
            var in = new Reading(socket, deadline);
            var head = in.head();
            while (head.status() < 200 && head.status() != 101) {
                head = in.head();
            }
            var body = in.body(head, limit);
            if (in.ended()) {
                // The other side is through with it: no need for the kernel to remember this connection for a minute.
                socket.setSoLinger(true, 0);
            }
            return new Reply(head.status(), head.headers(), body);
        }
    }

    private record Head(int status, Map<String, String> headers) {}

    /** One answer as it comes in. */
    private static final class Reading {

        private static final int LONGEST_HEAD = 32 * 1024;

        private final Socket socket;
        private final InputStream in;
        private final Deadline deadline;
        private final byte[] buffer = new byte[4096];
        private int at;
        private int size;
        private int headBytes;

        Reading(Socket socket, Deadline deadline) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            this.deadline = deadline;
        }

        boolean ended() {
            return size < 0;
        }

        /** The next byte, or -1. */
        private int next() throws IOException {
            if (at >= size && !fill()) {
                return -1;
            }
            return buffer[at++] & 0xff;
        }

        private boolean fill() throws IOException {
            if (size < 0) {
                return false;
            }
            socket.setSoTimeout(deadline.millis());
            size = in.read(buffer);
            at = 0;
            return size > 0;
        }

        private String line() throws IOException {
            var line = new StringBuilder();
            for (int c = next(); c != '\n'; c = next()) {
                if (c < 0) {
                    throw new IOException(
                            headBytes == 0 ? "closed the connection without an answer" : "ended amid the headers");
                }
                if (++headBytes > LONGEST_HEAD) {
                    throw new IOException("headers longer than 32 KiB");
                }
                line.append((char) c);
            }
            int length = line.length();
            return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
        }

        Head head() throws IOException {
            var first = line();
            if (!first.startsWith("HTTP/1.") || first.length() < 12) {
                throw new IOException("no HTTP:" + Answer.quote(first));
            }
            int status;
            try {
                status = Integer.parseInt(first.substring(9, 12));
            } catch (NumberFormatException e) {
                throw new IOException("no HTTP:" + Answer.quote(first), e);
            }
            var headers = new java.util.HashMap<String, String>();
            for (var line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    headers.put(
                            line.substring(0, colon).strip().toLowerCase(java.util.Locale.ROOT),
                            line.substring(colon + 1).strip());
                }
            }
            return new Head(status, headers);
        }

        String body(Head head, int limit) throws IOException {
            var body = new ByteArrayOutputStream(256);
            if (head.status() == 204 || head.status() == 304) {
                return body.toString(StandardCharsets.UTF_8);
            }
            if (head.headers()
                    .getOrDefault("transfer-encoding", "")
                    .toLowerCase(java.util.Locale.ROOT)
                    .endsWith("chunked")) {
                chunks(body, limit);
                return body.toString(StandardCharsets.UTF_8);
            }
            var length = head.headers().get("content-length");
            if (length == null) {
                copy(body, limit, false);
            } else {
                copy(body, (int) Math.min(limit, number(length, 10)), true);
            }
            return body.toString(StandardCharsets.UTF_8);
        }

        private void chunks(ByteArrayOutputStream body, int limit) throws IOException {
            while (body.size() < limit) {
                var line = line();
                int semicolon = line.indexOf(';');
                long length = number(semicolon < 0 ? line : line.substring(0, semicolon), 16);
                if (length == 0) {
                    return;
                }
                copy(body, (int) Math.min(length, limit - body.size()), true);
                if (body.size() < limit) {
                    line();
                }
            }
        }

        private void copy(ByteArrayOutputStream body, int wanted, boolean all) throws IOException {
            int left = wanted;
            while (left > 0) {
                if (at >= size && !fill()) {
                    if (all) {
                        throw new IOException("ended amid the body");
                    }
                    return;
                }
                int some = Math.min(left, size - at);
                body.write(buffer, at, some);
                at += some;
                left -= some;
            }
        }

        private static long number(String text, int radix) throws IOException {
            try {
                return Long.parseUnsignedLong(text.strip(), radix);
            } catch (NumberFormatException e) {
                throw new IOException("no HTTP: length" + Answer.quote(text), e);
            }
        }
    }
}
