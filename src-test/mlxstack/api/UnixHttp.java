package mlxstack.api;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One HTTP exchange over a Unix socket, down to the bytes. */
public final class UnixHttp implements AutoCloseable {

    private final SocketChannel channel;
    private final InputStream in;
    public final int status;
    public final List<String> headers = new ArrayList<>();
    public final List<String> trailers = new ArrayList<>();
    private final boolean chunked;
    private boolean ended;
    private byte[] pending = new byte[0];

    private UnixHttp(Path socket, String method, String path, String body, String... headers) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: local\r\nConnection: close\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        head.append("Content-Length: ").append(bytes.length).append("\r\n\r\n");
        channel.write(ByteBuffer.wrap(head.toString().getBytes(StandardCharsets.ISO_8859_1)));
        channel.write(ByteBuffer.wrap(bytes));
        in = new BufferedInputStream(Channels.newInputStream(channel));
        status = Integer.parseInt(line().split(" ")[1]);
        readHeaders(this.headers);
        chunked = this.headers.stream().anyMatch(h -> h.toLowerCase(Locale.ROOT).contains("chunked"));
    }

    public static UnixHttp get(Path socket, String path, String... headers) throws IOException {
        return new UnixHttp(socket, "GET", path, "", headers);
    }

    public static UnixHttp send(Path socket, String method, String path, String body) throws IOException {
        return new UnixHttp(socket, method, path, body);
    }

    private void readHeaders(List<String> to) throws IOException {
        for (String line = line(); !line.isEmpty(); line = line()) {
            to.add(line);
        }
    }

    private String line() throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("ended in the middle of a line: " + bytes);
            }
            if (b != '\r') {
                bytes.write(b);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The next piece of the body; null at its end. Waits for it. */
    public byte @Nullable [] chunk() throws IOException {
        if (ended) {
            return null;
        }
        if (!chunked) {
            ended = true;
            return in.readAllBytes();
        }
        int size = Integer.parseInt(line(), 16);
        if (size == 0) {
            ended = true;
            readHeaders(trailers);
            return null;
        }
        byte[] bytes = in.readNBytes(size);
        line();
        return bytes;
    }

    public String body() throws IOException {
        var all = new ByteArrayOutputStream();
        all.writeBytes(pending);
        for (byte[] chunk = chunk(); chunk != null; chunk = chunk()) {
            all.writeBytes(chunk);
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    public JsonNode json() throws IOException {
        return JsonMapper.shared().readTree(body());
    }

    /** The next line of a stream as JSON; null at its end. Waits for it. */
    public @Nullable JsonNode event() throws IOException {
        while (true) {
            for (int i = 0; i < pending.length; i++) {
                if (pending[i] == '\n') {
                    String line = new String(pending, 0, i, StandardCharsets.UTF_8);
                    pending = java.util.Arrays.copyOfRange(pending, i + 1, pending.length);
                    return JsonMapper.shared().readTree(line);
                }
            }
            byte[] more = chunk();
            if (more == null) {
                return null;
            }
            var joined = new ByteArrayOutputStream();
            joined.writeBytes(pending);
            joined.writeBytes(more);
            pending = joined.toByteArray();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
