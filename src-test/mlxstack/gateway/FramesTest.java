package mlxstack.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class FramesTest {

    private static Frames after(String... parts) {
        var frames = new Frames("text/event-stream; charset=utf-8");
        for (String part : parts) {
            frames.seen(Buffer.buffer(part));
        }
        return frames;
    }

    @Test
    void knowsWhatHasToComeBeforeAFrame() {
        assertThat(after().gap()).isEmpty();
        assertThat(after("data: 1\n\n").gap()).isEmpty();
        assertThat(after("data: 1\r\n\r\n").gap()).isEmpty();
        assertThat(after("data: 1\n", "\n").gap()).isEmpty();
        assertThat(after("data: 1\r", "\n", "\r", "\n").gap()).isEmpty();
        assertThat(after("data: 1\n").gap()).isEqualTo("\n");
        assertThat(after("data: 1\n\n", "d").gap()).isNull();
    }

    @Test
    void knowsTheEndOfAStreamHoweverItIsCut() {
        assertThat(after("data: [DONE]\n\n").done()).isTrue();
        assertThat(after("data: [DO", "NE]", "\n", "\n").done()).isTrue();
        assertThat(after("x".repeat(1000) + "\n\ndata: [DONE]").done()).isTrue();
        assertThat(after("x".repeat(31), "data: [DONE]\r\n\r\n").done()).isTrue();
        assertThat(after("data: [DONE]\n\n", "data: {}\n\n").done()).isFalse();
        assertThat(after().done()).isFalse();
    }

    @Test
    void leavesOtherAnswersAlone() {
        assertThat(new Frames(null).events()).isFalse();
        assertThat(new Frames("application/json").events()).isFalse();
        assertThat(new Frames("TEXT/Event-Stream").events()).isTrue();
    }
}
