package mlxstack.gateway;

import static mlxstack.gateway.Served.ready;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies have a limit, one by one and together. */
class IntakeTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String FAST = "{\"model\":\"fast\"}";

    @TempDir
    Path dir;

    @Test
    void aBodyHasALimit() throws Exception {
        try (var gateway = Served.start(dir, new Intake(1 << 20, 2 << 20, 1), ready("fast", 9))) {
            var large = "{\"model\":\"fast\",\"x\":\"" + "y".repeat(1 << 20) + "\"}";
            var refused = TestingClient.post(gateway.port(), CHAT, large);
            assertThat(refused.status()).isEqualTo(413);
            assertThat(refused.text()).contains("at most 1 MiB");
        }
    }

    /** It grows as it comes, and there is never room for two copies of it. */
    @Test
    void aBodyOfUnknownLengthMayBeAsLongAsAnyOther() throws Exception {
        try (var upstream = TestingUpstream.start((request, connection) -> connection.json("{}"));
                var gateway = Served.start(dir, new Intake(1 << 20, 3 << 19, 1), ready("fast", upstream.port()));
                var client = new TestingClient(gateway.port())) {
            client.raw(("POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n"
                            + FAST + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] chunk = ("10000\r\n" + " ".repeat(1 << 16) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 15; i++) {
                client.raw(chunk);
            }
            client.raw("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(upstream.next().text()).hasSize(FAST.length() + 15 * (1 << 16));
        }
    }

    /** Holds one body, so that there is no room for another one of that size. */
    private void withNoRoom(long patience, Trial test) throws Exception {
        var release = new CountDownLatch(1);
        try (var upstream = TestingUpstream.start((request, connection) -> {
                    if (request.text().contains("first")) {
                        assertThat(release.await(20, TimeUnit.SECONDS)).isTrue();
                    }
                    connection.json("{}");
                });
                var gateway =
                        Served.start(dir, new Intake(1 << 20, 3 << 19, patience), ready("fast", upstream.port()));
                var first = new TestingClient(gateway.port())) {
            first.send("POST", CHAT, "{\"model\":\"fast\",\"x\":\"first\"}" + " ".repeat(1 << 19));
            upstream.next();
            try (var holder = new TestingClient(gateway.port())) {
                holder.send("POST", CHAT, "{\"model\":\"fast\",\"x\":\"first\"}" + " ".repeat(1 << 19));
                upstream.next();
                test.run(gateway, release::countDown);
                assertThat(first.answer().status()).isEqualTo(200);
                assertThat(holder.answer().status()).isEqualTo(200);
            }
        }
    }

    @FunctionalInterface
    private interface Trial {
        void run(Served gateway, Runnable release) throws Exception;
    }

    @Test
    void aBodyThatFindsNoRoomWaitsForIt() throws Exception {
        withNoRoom(60_000, (gateway, release) -> {
            try (var client = new TestingClient(gateway.port())) {
                client.send("POST", CHAT, "{\"model\":\"fast\"}" + " ".repeat(1 << 19));
                assertThat(TestingClient.post(gateway.port(), CHAT, FAST).status())
                        .as("one that fits is not kept waiting")
                        .isEqualTo(200);
                release.run();
                assertThat(client.answer().status()).isEqualTo(200);
            }
        });
    }

    @Test
    void aBodyThatFindsNoRoomForLongIsToldToComeAgain() throws Exception {
        withNoRoom(1, (gateway, release) -> {
            var busy = TestingClient.post(gateway.port(), CHAT, "{\"model\":\"fast\"}" + " ".repeat(1 << 19));
            assertThat(busy.status()).isEqualTo(503);
            assertThat(busy.headers()).containsEntry("retry-after", "1");
            release.run();
        });
    }
}
