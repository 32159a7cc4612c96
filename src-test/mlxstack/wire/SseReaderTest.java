package mlxstack.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseReaderTest {

    private static final String STREAM = """
            : keepalive 1/3

            event: message_start
            data: {"text":"Grüße 😀"}

            data:no space
            data
            data:  two spaces
            id: 7
            retry: 10
            unknown: x

            event: empty

            data: [DONE]

            """;

    private static final List<Frame> FRAMES = List.of(
            new Frame(null, ""),
            new Frame("message_start", "{\"text\":\"Grüße 😀\"}"),
            new Frame(null, "no space\n\n two spaces"),
            new Frame(null, "[DONE]"));

    static List<Frame> frames(String stream) throws BadAnswer {
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        return cut(bytes, bytes.length, bytes.length);
    }

    private static List<Frame> cut(byte[] bytes, int... ends) throws BadAnswer {
        var frames = new ArrayList<Frame>();
        var reader = new SseReader();
        int start = 0;
        for (int end : ends) {
            reader.read(bytes, start, end - start, frames::add);
            start = end;
        }
        reader.end(frames::add);
        return frames;
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void anyCutGivesTheSameFrames(String newline) throws BadAnswer {
        byte[] bytes = STREAM.replace("\n", newline).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i <= bytes.length; i++) {
            assertThat(cut(bytes, i, bytes.length)).as("cut at %d", i).isEqualTo(FRAMES);
        }
        int[] single = new int[bytes.length];
        for (int i = 0; i < single.length; i++) {
            single[i] = i + 1;
        }
        assertThat(cut(bytes, single)).isEqualTo(FRAMES);
        var random = new Random(4);
        for (int n = 0; n < 500; n++) {
            var ends = random.ints(random.nextInt(12), 0, bytes.length + 1)
                    .sorted()
                    .boxed()
                    .toList();
            int[] all = new int[ends.size() + 1];
            for (int i = 0; i < ends.size(); i++) {
                all[i] = ends.get(i);
            }
            all[ends.size()] = bytes.length;
            assertThat(cut(bytes, all)).as("cut at %s", ends).isEqualTo(FRAMES);
        }
    }

    @Test
    void whatIsWrittenReadsTheSame() throws BadAnswer {
        for (Frame frame : FRAMES) {
            byte[] bytes = SseWriter.bytes(frame);
            assertThat(cut(bytes, bytes.length)).containsExactly(frame);
        }
        var writer = new SseWriter();
        writer.event("ping", Json.object().put("type", "ping").put("text", "two\nlines"));
        writer.event(null, Json.object());
        writer.data("[DONE]");
        assertThat(new String(writer.take(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "event: ping\ndata: {\"type\":\"ping\",\"text\":\"two\\nlines\"}\n\ndata: {}\n\ndata: [DONE]\n\n");
        assertThat(writer.take()).isEmpty();
    }

    @Test
    void aLastFrameCountsWithoutItsBlankLineButNotHalfALine() throws BadAnswer {
        assertThat(frames("data: a\n\ndata: [DONE]\n")).extracting(Frame::data).containsExactly("a", "[DONE]");
        assertThat(frames("data: a\n\ndata: {\"cho")).extracting(Frame::data).containsExactly("a");
        assertThat(frames("\uFEFFdata: a\n\n")).extracting(Frame::data).containsExactly("a");
    }

    @Test
    void tellsWhetherAnotherFrameMayBeWrittenBehindIt() throws BadAnswer {
        var reader = new SseReader();
        for (String text : List.of("data: a\n\n", ": alive\n", "data: b\n\n")) {
            reader.read(text.getBytes(StandardCharsets.UTF_8), 0, text.length(), _ -> {});
            assertThat(reader.isBetweenFrames()).as(text).isTrue();
        }
        for (String text : List.of("da", "ta: x", "\n")) {
            reader.read(text.getBytes(StandardCharsets.UTF_8), 0, text.length(), _ -> {});
            assertThat(reader.isBetweenFrames()).as(text).isFalse();
        }
    }

    @Test
    void aFrameBeyondTheLimitIsTheBackendsFailureHoweverItComes() {
        byte[] line = "data: 0123456789\n".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> {
                    var reader = new SseReader(100);
                    for (int i = 0; i < 20; i++) {
                        reader.read(line, 0, line.length, _ -> {});
                    }
                })
                .isInstanceOf(BadAnswer.class)
                .hasMessageContaining("100 bytes");
        assertThatThrownBy(() -> {
                    var reader = new SseReader(100);
                    for (int i = 0; i < 20; i++) {
                        reader.read(line, 0, line.length - 1, _ -> {});
                    }
                })
                .isInstanceOf(BadAnswer.class);
    }
}
