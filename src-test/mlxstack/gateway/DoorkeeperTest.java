package mlxstack.gateway;

import static mlxstack.gateway.Served.ready;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No web page gets in, neither directly nor by a name of its own that means this machine. */
class DoorkeeperTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String FAST = "{\"model\":\"fast\"}";

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: evil.example",
                "Host: 127.0.0.1.evil.example",
                "Host: localhost.evil.example:4000",
                "Host: evil.example:4000",
                "Host: 127.0.0.1@evil.example",
                "Host: 192.168.1.5:4000",
                "Host: 0.0.0.0:4000",
                "Host: 0177.0.0.1",
                "Host: 2130706433",
                "Host: [::ffff:7f00:1]:4000",
                "Host: ",
                "Origin: http://evil.example",
                "Origin: null",
                "Origin: https://127.0.0.1.evil.example",
                "Origin: http://localhost:3000",
                "Origin: chrome-extension://abc",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
            })
    void noWebPageMayUseIt(String header) throws Exception {
        try (var upstream = TestingUpstream.start((request, connection) -> connection.json("{}"));
                var gateway = Served.start(dir, ready("fast", upstream.port()))) {
            for (var method : new String[] {"GET /v1/models", "POST " + CHAT, "GET /health", "OPTIONS " + CHAT}) {
                var words = method.split(" ");
                var answer = TestingClient.call(
                        gateway.port(), words[0], words[1], words[0].equals("POST") ? FAST : "", header);
                assertThat(answer.status()).as(method).isIn(400, 403);
                assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("access-control"));
            }
            assertThat(upstream.waiting()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: localhost",
                "Host: LOCALHOST:4000",
                "Host: 127.0.0.1",
                "Host: [::1]:4000",
                "Host: 127.1.2.3:1"
            })
    void aNameOfThisMachineIsAHost(String header) throws Exception {
        try (var gateway = Served.start(dir, ready("fast", 9))) {
            assertThat(TestingClient.get(gateway.port(), "/v1/models", header).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void refusesAPreflight() throws Exception {
        try (var gateway = Served.start(dir, ready("fast", 9))) {
            assertThat(TestingClient.call(gateway.port(), "OPTIONS", CHAT, "").status())
                    .isEqualTo(403);
        }
    }
}
