package mlxstack.cli;

import io.vavr.control.Either;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** One question to the daemon from another JVM. */
final class LocalCall {

    private LocalCall() {}

    /** The body that {@code path} answers with. Left: why there is none. */
    static Either<String, String> get(Path socket, String path) {
        return ask(socket, "GET " + path, "");
    }

    /** Has the daemon run a command line. Right: what it printed. Left: why it did not. */
    static Either<String, String> run(Path socket, String... arguments) {
        String form = Arrays.stream(arguments)
                .map(each -> "a=" + URLEncoder.encode(each, StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return ask(
                socket,
                "POST /cli",
                "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(form.length(), form));
    }

    /** In HTTP/1.0, so that the answer comes in one piece. */
    private static Either<String, String> ask(Path socket, String what, String rest) {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            String request =
                    what + " HTTP/1.0\r\nHost: mlxstack\r\nConnection: close\r\n" + (rest.isEmpty() ? "\r\n" : rest);
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
