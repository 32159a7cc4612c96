package mlxstack.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static mlxstack.gateway.Served.endpoint;
import static mlxstack.gateway.Served.ready;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client is told when its model server breaks off, over real sockets. */
class BrokenUpstreamTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String FAST = "{\"model\":\"fast\"}";
    private static final String TOKEN = "data: {\"choices\":[{\"delta\":{\"content\":\"é€😀\"}}]}\n\n";

    private static final String MESSAGES_TOKEN = """
            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"é"}}

            """;
    private static final String RESPONSES_TOKEN = """
            event: response.output_text.delta
            data: {"type":"response.output_text.delta","delta":"é"}

            """;

    @TempDir
    Path dir;

    private static String token(TestingUpstream.Received request) {
        return request.line().contains("/messages")
                ? MESSAGES_TOKEN
                : request.line().contains("/responses") ? RESPONSES_TOKEN : TOKEN;
    }

    @Test
    void saysInTheStreamThatItsServerDied() throws Exception {
        try (var upstream = TestingUpstream.start((request, connection) -> {
                    connection.events();
                    connection.chunk(token(request));
                    if (request.line().contains("half")) {
                        connection.chunk("data: {\"cho");
                    }
                    connection.close();
                });
                var gateway = Served.start(dir, ready("fast", upstream.port()))) {
            var chat = TestingClient.post(gateway.port(), CHAT, FAST);
            assertThat(chat.whole()).isFalse();
            assertThat(chat.text()).startsWith(TOKEN + "data: {\"error\":").endsWith("}\n\n");
            var error = new JsonObject(chat.text().substring((TOKEN + "data: ").length()));
            assertThat(error.getJsonObject("error").getString("code")).isEqualTo("upstream_truncated");

            var messages = TestingClient.post(gateway.port(), "/v1/messages", FAST);
            assertThat(messages.whole()).isFalse();
            assertThat(messages.text())
                    .startsWith(MESSAGES_TOKEN + "event: error\ndata: {\"type\":\"error\",\"error\":{");

            var responses = TestingClient.post(gateway.port(), "/v1/responses", FAST);
            assertThat(responses.whole()).isFalse();
            assertThat(responses.text())
                    .startsWith(RESPONSES_TOKEN + "event: error\ndata: {\"type\":\"error\",")
                    .contains("upstream_truncated");

            var half = TestingClient.post(gateway.port(), "/v1/half", FAST);
            assertThat(half.whole()).isFalse();
            assertThat(half.text()).isEqualTo(TOKEN + "data: {\"cho");
        }
    }

    @Test
    void saysInTheStreamThatItsServersConnectionWasReset() throws Exception {
        var seen = new CountDownLatch(1);
        try (var upstream = TestingUpstream.start((request, connection) -> {
                    connection.events();
                    connection.chunk(TOKEN);
                    if (seen.await(20, TimeUnit.SECONDS)) {
                        connection.reset();
                    }
                });
                var gateway = Served.start(dir, ready("fast", upstream.port()));
                var client = new TestingClient(gateway.port())) {
            client.send("POST", CHAT, FAST);
            client.head();
            client.chunk();
            seen.countDown();
            assertThat(new String(client.chunk(), UTF_8)).startsWith("data: {\"error\":");
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void cutsAnAnswerOfAnnouncedLengthShort() throws Exception {
        try (var upstream = TestingUpstream.start((request, connection) -> {
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":");
                    connection.close();
                });
                var gateway = Served.start(dir, ready("fast", upstream.port()))) {
            var answer = TestingClient.post(gateway.port(), CHAT, FAST);
            assertThat(answer.whole()).isFalse();
            assertThat(answer.status()).isEqualTo(200);
        }
    }

    @Test
    void takesAStreamThatEndsWithItsConnectionForWholeOnlyWhenItSaysSo() throws Exception {
        try (var upstream = TestingUpstream.start((request, connection) -> {
                    connection.send("HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + TOKEN);
                    if (request.text().contains("whole")) {
                        connection.send("data: [DONE]\n\n");
                    }
                    connection.close();
                });
                var gateway = Served.start(dir, ready("fast", upstream.port()))) {
            var whole = TestingClient.post(gateway.port(), CHAT, "{\"model\":\"fast\",\"x\":\"whole\"}");
            assertThat(whole.whole()).isTrue();
            assertThat(whole.text()).isEqualTo(TOKEN + "data: [DONE]\n\n");
            var cut = TestingClient.post(gateway.port(), CHAT, FAST);
            assertThat(cut.whole()).isFalse();
            assertThat(cut.text()).startsWith(TOKEN + "data: {\"error\":").contains("upstream_truncated");
        }
    }

    @Test
    void sendsARequestAgainWhoseConnectionTheServerHadDoneWith() throws Exception {
        try (var upstream = TestingUpstream.start((request, connection) -> {
                    if (connection.requests() == 1) {
                        connection.json("{}");
                    } else {
                        connection.close();
                    }
                });
                var gateway = Served.start(dir, ready("fast", upstream.port()))) {
            for (int i = 0; i < 4; i++) {
                assertThat(TestingClient.post(gateway.port(), CHAT, FAST).status())
                        .isEqualTo(200);
            }
            assertThat(upstream.waiting()).as("connections were used twice").isGreaterThan(4);
        }
    }

    @Test
    void sendsARequestAgainWhenTheServerIsDoneWithAllConnectionsThereAre() throws Exception {
        var all = new CountDownLatch(8);
        try (var upstream = TestingUpstream.start((request, connection) -> {
                    if (connection.requests() > 1) {
                        connection.close();
                        return;
                    }
                    all.countDown();
                    if (all.await(20, TimeUnit.SECONDS)) {
                        connection.json("{}");
                    }
                });
                var gateway = Served.start(dir, ready("fast", upstream.port()));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = new ArrayList<Future<Integer>>();
            while (first.size() < 8) {
                first.add(threads.submit(
                        () -> TestingClient.post(gateway.port(), CHAT, FAST).status()));
            }
            for (var each : first) {
                assertThat(each.get()).isEqualTo(200);
            }
            assertThat(TestingClient.post(gateway.port(), CHAT, FAST).status()).isEqualTo(200);
        }
    }

    @Test
    void saysThatAServerBrokeOffOrTakesNoConnection() throws Exception {
        int gone;
        try (var upstream = TestingUpstream.start((request, connection) -> connection.reset());
                var gateway = Served.start(dir, ready("fast", upstream.port()))) {
            gone = upstream.port();
            var broken = TestingClient.post(gateway.port(), CHAT, FAST);
            assertThat(broken.status()).isEqualTo(502);
            assertThat(broken.text()).contains("upstream_closed");
            upstream.next();
            assertThat(upstream.waiting()).as("a request is not sent twice").isZero();
            upstream.stop();
            var refused = TestingClient.post(gateway.port(), CHAT, FAST);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.headers()).containsEntry("retry-after", "7");
            assertThat(refused.text()).contains("endpoint fast takes no connection on port " + gone);
        }
    }

    @Test
    void goesToTheNextEndpointOfTheModelWhenOneTakesNoConnection() throws Exception {
        var dead = TestingUpstream.start((request, connection) -> {});
        int port = dead.port();
        dead.close();
        try (var upstream = TestingUpstream.start((request, connection) -> connection.json("{}"));
                var gateway = Served.start(
                        dir, endpoint("a", port, "ready", "m"), endpoint("b", upstream.port(), "ready", "m"))) {
            var answer = TestingClient.post(gateway.port(), CHAT, "{\"model\":\"m\"}");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers()).containsEntry("x-mlxstack-endpoint", "b");
        }
    }
}
