package mlxstack.gateway;

import static mlxstack.gateway.Served.ready;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slow senders are let go; slow answers are not. */
class PatienceTest {

    private static final Patience.Limits SHORT = new Patience.Limits(60, 60, 60, 10);
    private static final Patience.Limits LONG_IDLE = new Patience.Limits(60, 60, 600_000, 10);

    @TempDir
    Path dir;

    @Test
    void halfAHeadEndsWithItsConnection() throws Exception {
        try (var upstream = TestingUpstream.start((request, connection) -> connection.json("{}"));
                var gateway = Served.start(dir, new Intake(), LONG_IDLE, ready("fast", upstream.port()));
                var client = new TestingClient(gateway.port())) {
            client.raw("POST /v1/chat/completions HTTP/1.1\r\nHost: 127".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void aBodyThatDoesNotComeIsTold() throws Exception {
        try (var upstream = TestingUpstream.start((request, connection) -> connection.json("{}"));
                var gateway = Served.start(dir, new Intake(), LONG_IDLE, ready("fast", upstream.port()));
                var client = new TestingClient(gateway.port())) {
            client.raw("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 500\r\n\r\n{"
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(client.answer().status()).isEqualTo(408);
            assertThat(client.closed()).isTrue();
            assertThat(upstream.waiting()).isZero();
        }
    }

    @Test
    void whoGoesOnSendingWhatWasRefusedIsLetGo() throws Exception {
        try (var gateway = Served.start(dir, new Intake(), LONG_IDLE, ready("fast", 9));
                var client = new TestingClient(gateway.port())) {
            client.raw("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\n{"
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(client.answer().status()).isEqualTo(413);
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void aRequestThatHasComeMayTakeItsTime() throws Exception {
        var answer = new CountDownLatch(1);
        try (var upstream = TestingUpstream.start((request, connection) -> {
                    answer.await();
                    connection.json("{}");
                });
                var gateway = Served.start(dir, new Intake(), SHORT, ready("fast", upstream.port()));
                var client = new TestingClient(gateway.port())) {
            client.send("POST", "/v1/chat/completions", "{\"model\":\"fast\"}");
            upstream.next();
            try (var silent = new TestingClient(gateway.port())) {
                assertThat(silent.closed()).as("it came later and is gone").isTrue();
            }
            answer.countDown();
            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(client.closed()).as("nothing more comes on it").isTrue();
        }
    }
}
