package mlxstack.gateway;

import static mlxstack.gateway.Served.ready;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a request ends is never in doubt: what two servers could read in two ways is refused, and the connection ends. */
class SmugglingTest {

    private static final String BODY = "{\"model\":\"fast\"}";
    private static final String SECOND = "GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 16\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\nContent-Length: 16",
                "Content-Length: 16\nContent-Length: 4",
                "Content-Length: 16, 4",
                "Content-Length: +16",
                "Content-Length: -1",
                "Content-Length: 0x10",
                "Content-Length: 99999999999999999999",
                "Transfer-Encoding: identity, chunked\nTransfer-Encoding: identity",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding:\u000bchunked",
                "Transfer-Encoding : chunked",
                "Content-Length : 16",
            })
    void aDoubtfulLengthIsRefused(String headers) throws Exception {
        try (var upstream = TestingUpstream.start((request, connection) -> connection.json("{}"));
                var gateway = Served.start(dir, ready("fast", upstream.port()));
                var client = new TestingClient(gateway.port())) {
            client.raw(("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers.replace("\n", "\r\n")
                            + "\r\n\r\n" + BODY + SECOND)
                    .getBytes(StandardCharsets.ISO_8859_1));
            int answered = 0;
            try {
                var answer = client.answer();
                assertThat(answer.status()).as(answer.text()).isBetween(400, 501);
                answered++;
                client.answer();
                answered++;
            } catch (IOException | ArrayIndexOutOfBoundsException e) {
                // The connection has ended, as it should.
            }
            assertThat(answered).as("nothing after it is taken for a request").isLessThanOrEqualTo(1);
            assertThat(upstream.waiting()).isZero();
        }
    }

    @Test
    void oneLengthAndAChunkedBodyAreServed() throws Exception {
        try (var upstream = TestingUpstream.start((request, connection) -> connection.json("{}"));
                var gateway = Served.start(dir, ready("fast", upstream.port()));
                var client = new TestingClient(gateway.port())) {
            client.raw("""
                    POST /v1/chat/completions HTTP/1.1
                    Host: 127.0.0.1
                    Transfer-Encoding: chunked

                    8
                    {"model"
                    8
                    :"fast"}
                    0

                    """.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            assertThat(client.answer().status()).isEqualTo(200);
            var sent = upstream.next();
            assertThat(sent.text())
                    .as("one length, no chunks: some servers know none")
                    .isEqualTo(BODY);
            assertThat(sent.headers()).containsEntry("content-length", "16").doesNotContainKey("transfer-encoding");
        }
    }

    @Test
    void headersHaveALimit() throws Exception {
        try (var upstream = TestingUpstream.start((request, connection) -> connection.json("{}"));
                var gateway = Served.start(dir, ready("fast", upstream.port()));
                var client = new TestingClient(gateway.port())) {
            client.raw(("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + "a".repeat(70_000) + "\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            assertThat(client.head().status()).isEqualTo(431);
            assertThat(upstream.waiting()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "zstd", "identity, gzip"})
    void aCompressedBodyIsRefusedAndNotUnpacked(String coding) throws Exception {
        try (var upstream = TestingUpstream.start((request, connection) -> connection.json("{}"));
                var gateway = Served.start(dir, ready("fast", upstream.port()))) {
            var answer =
                    TestingClient.post(gateway.port(), "/v1/chat/completions", BODY, "Content-Encoding: " + coding);
            assertThat(answer.status()).isEqualTo(415);
            assertThat(answer.text()).contains("Content-Encoding");
            assertThat(upstream.waiting()).isZero();
        }
    }
}
