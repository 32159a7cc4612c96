package mlxstack.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON of tests, written with single quotes, and backticks for quotes within text; compared as values. */
final class Same {

    static final Options LOCAL = new Options(0, true, "t1", 1_700_000_000);

    private Same() {}

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"').replace("`", "\\\"");
    }

    static ObjectNode object(String singleQuoted) throws Exception {
        byte[] bytes = utf8(json(singleQuoted));
        return Json.request(bytes, bytes.length);
    }

    static ObjectNode object(byte[] bytes) throws Exception {
        return Json.request(bytes, bytes.length);
    }

    static void json(JsonNode actual, String singleQuoted) throws Exception {
        byte[] bytes = utf8(json(singleQuoted));
        assertThat(actual).isEqualTo(Json.read(bytes, bytes.length));
    }

    /** The frames of whole server-sent events. */
    static List<Frame> frames(byte[] bytes) throws BadAnswer {
        var frames = new ArrayList<Frame>();
        new SseReader().read(bytes, 0, bytes.length, frames::add);
        return frames;
    }

    /** A frame of a chat's stream. */
    static Frame chunk(String delta) {
        return new Frame(
                null,
                json("{'id':'c1','object':'chat.completion.chunk','choices':[{'index':0,'delta':%s}]}"
                        .formatted(delta)));
    }
}
