package mlxstack.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class FramesTest {

    private static Frames after(String... parts) {
        var frames = new Frames();
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
}
