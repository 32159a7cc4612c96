package mlxstack.wire;

import static mlxstack.wire.Same.object;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComposedTest {

    /** Speaks a dialect of one word: frames of letters, each a piece of chat. */
    private static final class Letters implements Translation {

        private final byte[] asked;

        Letters(byte[] asked) {
            this.asked = asked;
        }

        @Override
        public Operation operation() {
            return Operation.MESSAGES;
        }

        @Override
        public byte[] request() {
            return Same.utf8("letters for " + Same.text(asked));
        }

        @Override
        public byte[] answer(byte[] body) {
            return Same.utf8(Same.json(
                    "{'choices':[{'message':{'content':'%s'},'finish_reason':'stop'}]}".formatted(Same.text(body))));
        }

        @Override
        public byte[] frame(Frame frame) {
            var out = new SseWriter();
            for (String letter : frame.data().split("")) {
                out.data(Same.chunk("{'content':'%s'}".formatted(letter)).data());
            }
            return out.take();
        }

        @Override
        public byte[] end() {
            return Same.utf8(
                    Same.json("data: {'choices':[{'delta':{},'finish_reason':'length'}]}\n\ndata: [DONE]\n\n"));
        }
    }

    private static Composed composed() throws Exception {
        return new Composed(
                new ResponsesToChat(object("{'model':'m','input':'hi','stream':true}"), "b", Same.LOCAL, _ -> {}),
                Letters::new);
    }

    @Test
    void theRequestGoesThroughBoth() throws Exception {
        var composed = composed();
        assertThat(composed.operation()).isEqualTo(Operation.MESSAGES);
        assertThat(Same.text(composed.request())).startsWith("letters for {\"model\":\"b\",\"messages\":");
    }

    @Test
    void theAnswerComesBackThroughBoth() throws Exception {
        var answer = object(composed().answer(Same.utf8("abc")));
        assertThat(Json.text(answer.path("output").get(0).path("content").get(0), "text"))
                .isEqualTo("abc");
    }

    @Test
    void theStreamComesBackThroughBoth() throws Exception {
        var composed = composed();
        var sent = new ArrayList<Frame>(Same.frames(composed.frame(new Frame("x", "ab"))));
        sent.addAll(Same.frames(composed.frame(new Frame("x", "c"))));
        assertThat(sent.stream().filter(f -> "response.output_text.delta".equals(f.event())))
                .hasSize(3);
        List<Frame> last = Same.frames(composed.end());
        assertThat(last.getLast().event()).isEqualTo("response.incomplete");
        assertThat(last.getLast().data()).contains("\"text\":\"abc\"");
    }

    @Test
    void anErrorIsSaidAsTheClientKnowsIt() throws Exception {
        var composed = composed();
        composed.frame(new Frame("x", "ab"));
        var frames = Same.frames(composed.failed(ApiError.truncated("claude"), Dialect.RESPONSES));
        assertThat(frames.getLast().event()).isEqualTo("response.failed");
        assertThat(Json.text(Json.data(frames.getLast()).path("response"), "id"))
                .isEqualTo("resp_t1");
    }
}
