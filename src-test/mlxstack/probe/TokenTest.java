package mlxstack.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import mlxstack.reconcile.Event.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing less than a choice proves that a model is loaded. */
class TokenTest {

    private static final ModelServers.Question QUESTION =
            new ModelServers.Question("/v1/chat/completions", "{\"ü\":1}");

    private static Answer ask(Peer.Reply reply) throws IOException {
        try (var peer = new Peer(reply)) {
            var answer = Token.ask(peer.port(), QUESTION, Deadline.in(Duration.ofSeconds(30)));
            assertThat(peer.requests().getFirst())
                    .startsWith("POST /v1/chat/completions HTTP/1.1")
                    .contains("Content-Type: application/json\r\nContent-Length: 8\r\n")
                    .endsWith("{\"ü\":1}");
            return answer;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"x\",\"usage\":{\"a\":[1,{}]},\"choices\":[{\"message\":{\"content\":\"\"}}]}",
                "{\"choices\":[{\"text\":\"a\"},{\"text\":\"b\"}],\"error\":null}"
            })
    void aChoiceIsAToken(String body) throws IOException {
        assertThat(ask(Peer.text("HTTP/1.0 200 OK", "", body)).succeeded()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"choices\":[]}",
                "{\"choices\":null}",
                "{\"choices\":[{\"text\":\"a\"}],\"error\":{\"message\":\"out of memory\"}}",
                "{\"choices\":[{\"text\":",
                "<html>hello</html>"
            })
    void anythingElseIsNone(String body) throws IOException {
        var answer = ask(Peer.text("HTTP/1.0 200 OK", "", body));
        assertThat(answer.outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(answer.message()).startsWith("the model did not answer: HTTP 200 with no choices:");
    }

    @Test
    void aServerErrorIsQuoted() throws IOException {
        assertThat(ask(Peer.text("HTTP/1.0 500 Oops", "", "{\"error\":\"no kernel\"}"))
                        .message())
                .isEqualTo("the model did not answer: HTTP 500 {\"error\":\"no kernel\"}");
    }

    @Test
    void aKeyWeDoNotHaveIsNoFault() throws IOException {
        assertThat(ask(Peer.text("HTTP/1.1 401 Unauthorized", "Content-Length: 0", "", ""))
                        .succeeded())
                .isTrue();
    }
}
