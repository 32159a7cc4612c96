package mlxstack.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import mlxstack.reconcile.Event.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as well and as ill when a page is asked for, against servers of every manner. */
class HttpGetTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private static Answer ask(Peer peer, String path, Map<String, String> headers) throws IOException {
        return HttpGet.ask(peer.port(), path, headers, Deadline.in(LONG));
    }

    private static Answer ask(String... reply) throws IOException {
        try (var peer = new Peer(reply)) {
            return ask(peer, "/health", Map.of());
        }
    }

    @ParameterizedTest
    @CsvSource({"200,SUCCESS", "204,SUCCESS", "304,SUCCESS", "399,SUCCESS", "400,FAILURE", "404,FAILURE", "503,FAILURE"
    })
    void statusDecides(int status, Outcome outcome) throws IOException {
        var answer = ask("HTTP/1.1 " + status + " Whatever", "Content-Length: 0", "", "");
        assertThat(answer.outcome()).isEqualTo(outcome);
        assertThat(answer.message()).contains("HTTP " + status);
    }

    @Test
    void theBodyOfARefusalIsQuotedOnOneLine() throws IOException {
        assertThat(ask("HTTP/1.0 503 Unavailable", "", "{\"status\":", "  \"unavailable\"}\u001b[31m")
                        .message())
                .isEqualTo("HTTP 503 from /health: {\"status\": \"unavailable\"} [31m");
        assertThat(ask("HTTP/1.1 500 Oops", "Content-Length: 0", "", "").message())
                .isEqualTo("HTTP 500 from /health: (no body)");
    }

    @Test
    void chunkedBodiesAndInterimAnswersAreUnderstood() throws IOException {
        assertThat(ask(
                                "HTTP/1.1 100 Continue",
                                "",
                                "HTTP/1.1 503 Busy",
                                "Transfer-Encoding: chunked",
                                "",
                                "5;x=y",
                                "load",
                                "3",
                                "ing",
                                "0",
                                "",
                                "")
                        .outcome())
                .isEqualTo(Outcome.FAILURE);
        assertThat(ask("HTTP/1.1 503 Busy", "Transfer-Encoding: chunked", "", "4;x=y", "load", "3", "ing", "0", "", "")
                        .message())
                .endsWith(": loading");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSH-2.0-OpenSSH_9.2", "HTTP/1.1 abc", "HTTP/2", "\u0000\u0001\u0002"})
    void whatIsNoHttpIsSaidToBeNone(String line) throws IOException {
        try (var peer = new Peer(line, "", "")) {
            assertThatThrownBy(() -> ask(peer, "/", Map.of()))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("no HTTP:");
        }
    }

    @Test
    void cutAnswersAreErrors() throws IOException {
        try (var peer = new Peer("")) {
            assertThatThrownBy(() -> ask(peer, "/", Map.of())).hasMessage("closed the connection without an answer");
            peer.say(Peer.text("HTTP/1.1 200 OK", "Content-"));
            assertThatThrownBy(() -> ask(peer, "/", Map.of())).hasMessage("ended amid the headers");
            peer.say(Peer.text("HTTP/1.1 200 OK", "Content-Length: 10", "", "half"));
            assertThatThrownBy(() -> ask(peer, "/", Map.of())).hasMessage("ended amid the body");
            peer.say(Peer.text("HTTP/1.1 200 OK", "X: " + "y".repeat(40_000), "", ""));
            assertThatThrownBy(() -> ask(peer, "/", Map.of())).hasMessage("headers longer than 32 KiB");
        }
    }

    @Test
    void aServerThatDripsForEverIsCutOffAtTheDeadline() throws IOException {
        try (var peer = new Peer((_, out) -> {
            out.write("HTTP/1.1 200 OK\r\nX: ".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            while (true) {
                out.write('x');
                out.flush();
                java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
            }
        })) {
            var deadline = Deadline.in(Duration.ofMillis(300));
            assertThatThrownBy(() -> HttpGet.ask(peer.port(), "/", Map.of(), deadline))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void nobodyListening() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThatThrownBy(() -> HttpGet.ask(port, "/", Map.of(), Deadline.in(LONG)))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void theRequestIsWhatTheKubeletWouldSend() throws IOException {
        try (var peer = new Peer(Peer.status(200))) {
            ask(peer, "ready now/größe?x=1", Map.of("X-Who", "probe", "user-agent", "", "Accept", "text/plain"));
            assertThat(peer.requests().getFirst())
                    .startsWith("GET /ready%20now/gr%C3%B6%C3%9Fe?x=1 HTTP/1.1\r\nHost: 127.0.0.1:" + peer.port())
                    .contains("\r\nX-Who: probe\r\n", "\r\nAccept: text/plain\r\n", "\r\nConnection: close\r\n")
                    .doesNotContain("User-Agent", "user-agent");
        }
    }

    @Test
    void redirectsAreFollowedHereAndCountAsWellElsewhere() throws IOException {
        try (var peer = new Peer((request, out) -> {
            var reply = request.startsWith("GET /health")
                    ? Peer.text("HTTP/1.1 302 Found", "Location: /really", "Content-Length: 0", "", "")
                    : Peer.text("HTTP/1.1 404 No", "Content-Length: 0", "", "");
            reply.to(request, out);
        })) {
            assertThat(ask(peer, "/health", Map.of()).message()).contains("404 from /really");
            peer.say(Peer.text("HTTP/1.1 301 Moved", "Location: https://example.org/", "", ""));
            assertThat(ask(peer, "/health", Map.of()).message()).contains("another host");
            peer.say(Peer.text("HTTP/1.1 307 Again", "Location: /health", "Content-Length: 0", "", ""));
            assertThat(ask(peer, "/health", Map.of()).message()).isEqualTo("stopped after 10 redirects");
        }
    }
}
