package mlxstack.wire;

import static mlxstack.wire.Same.LOCAL;
import static mlxstack.wire.Same.object;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Where a stream is cut, by the network or by the model, makes no difference. */
class ResponsesCutsTest {

    private static final String REASONING = "Let me see: 世界?";
    private static final String TEXT = "Reading `a.txt` – 👍.";
    private static final String ARGUMENTS = "{\"cmd\":\"cat a.txt\",\"n\":[1,2]}";

    private static ResponsesToChat translation() throws Exception {
        return new ResponsesToChat(
                object("{'model':'m','input':'x','stream':true,'tools':[{'type':'function','name':'exec'}]}"),
                "m",
                LOCAL,
                _ -> {});
    }

    /** The chat's stream with its texts in pieces of so many characters, none of which cuts one in two. */
    private static String stream(int piece) {
        var stream = new StringBuilder(": waiting\n\n");
        pieces(REASONING, piece).forEach(text -> chunk(stream, Json.object().put("reasoning_content", text)));
        pieces(TEXT, piece).forEach(text -> chunk(stream, Json.object().put("content", text)));
        boolean first = true;
        for (String text : pieces(ARGUMENTS, piece)) {
            var delta = Json.object();
            var call = delta.putArray("tool_calls").addObject().put("index", 0);
            var function = call.putObject("function").put("arguments", text);
            if (first) {
                call.put("id", "call_1");
                function.put("name", "exec");
            }
            first = false;
            chunk(stream, delta);
        }
        return stream.append("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n")
                .append("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\n")
                .append("data: [DONE]\n\n")
                .toString();
    }

    private static List<String> pieces(String text, int size) {
        var pieces = new ArrayList<String>();
        int from = 0;
        while (from < text.length()) {
            int to = text.offsetByCodePoints(from, Math.min(size, text.codePointCount(from, text.length())));
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }

    private static void chunk(StringBuilder stream, JsonNode delta) {
        var chunk = Json.object();
        chunk.putArray("choices").addObject().put("index", 0).set("delta", delta);
        stream.append("data: ").append(Json.text(chunk)).append("\n\n");
    }

    private static byte[] translated(String stream, int cut) throws Exception {
        var translation = translation();
        var reader = new SseReader();
        var out = new ByteArrayOutputStream();
        byte[] bytes = Same.utf8(stream);
        for (int i = 0; i < bytes.length; i += cut) {
            reader.read(bytes, i, Math.min(cut, bytes.length - i), frame -> out.writeBytes(translation.frame(frame)));
        }
        out.writeBytes(translation.end());
        return out.toByteArray();
    }

    private static JsonNode response(byte[] events) throws Exception {
        return Json.data(Same.frames(events).getLast()).path("response");
    }

    @Test
    void byTheNetwork() throws Exception {
        String stream = stream(3);
        byte[] whole = translated(stream, Integer.MAX_VALUE);
        for (int cut = 1; cut < 200; cut++) {
            assertThat(Same.text(translated(stream, cut)))
                    .as("cut every %d", cut)
                    .isEqualTo(Same.text(whole));
        }
    }

    @Test
    void byTheModel() throws Exception {
        var whole = response(translated(stream(1000), 64));
        assertThat(Json.text(whole.path("output").get(2), "arguments")).isEqualTo(ARGUMENTS);
        for (int piece = 1; piece < 20; piece++) {
            assertThat(response(translated(stream(piece), 64)))
                    .as("pieces of %d", piece)
                    .isEqualTo(whole);
        }
    }
}
