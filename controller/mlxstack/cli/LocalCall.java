package mlxstack.cli;

import io.vavr.control.Either;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** One question to the daemon from another JVM. */
final class LocalCall {

    private LocalCall() {}

    /** The body that {@code path} answers with, asked in HTTP/1.0 so that it comes in one piece. Left: why there is none. */
    static Either<String, String> get(Path socket, String path) {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            String request = "GET " + path + " HTTP/1.0\r\nHost: mlxstack\r\nConnection: close\r\n\r\n";
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            String answer = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            int body = answer.indexOf("\r\n\r\n");
            String status = answer.lines().findFirst().orElse("");
            return body > 0 && status.contains(" 200 ")
                    ? Either.right(answer.substring(body + 4))
                    : Either.left("it answered: " + (status.isEmpty() ? "nothing" : status));
        } catch (IOException | IllegalArgumentException e) {
            return Either.left(String.valueOf(e.getMessage()));
        }
    }
}
