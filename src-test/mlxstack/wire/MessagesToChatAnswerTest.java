package mlxstack.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class MessagesToChatAnswerTest {

    private static final String THINKS = "\"thinking\":{\"type\":\"adaptive\"},";

    private static MessagesToChat translation(String fields) throws BadRequest {
        byte[] body = ("{" + fields
                        + "\"model\":\"claude-x\",\"stop_sequences\":[\"END\"],\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}")
                .getBytes(UTF_8);
        return MessagesToChat.of(body, body.length, "up", MessagesToChatRequestTest.LOCAL);
    }

    private static JsonNode answer(String fields, String message, String rest) throws Exception {
        byte[] bytes = translation(fields)
                .answer(("{\"id\":\"c\",\"choices\":[{\"index\":0,\"message\":" + message + "," + rest + "}],"
                                + "\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":8}}}")
                        .getBytes(UTF_8));
        return Json.read(bytes, bytes.length);
    }

    @Test
    void aWholeAnswer() throws Exception {
        assertThat(answer(
                        THINKS,
                        "{\"role\":\"assistant\",\"content\":\"Hi\",\"reasoning_content\":\"Hm\",\"tool_calls\":[{\"id\":\"t\",\"type\":\"function\",\"function\":{\"name\":\"Bash\",\"arguments\":\"{\\\"command\\\": \\\"ls\\\"}\"}}]}",
                        "\"finish_reason\":\"tool_calls\""))
                .isEqualTo(Json.parsed("""
                                {"id":"msg_r1","type":"message","role":"assistant","model":"claude-x","content":[
                                  {"type":"thinking","thinking":"Hm","signature":"mlxstack:"},
                                  {"type":"text","text":"Hi"},
                                  {"type":"tool_use","id":"t","name":"Bash","input":{"command":"ls"}}],
                                 "stop_reason":"tool_use","stop_sequence":null,
                                 "usage":{"input_tokens":4,"cache_creation_input_tokens":0,"cache_read_input_tokens":8,"output_tokens":5}}"""));
    }

    static Stream<Arguments> ends() {
        return Stream.of(
                Arguments.of("{\"content\":\"Hi\"}", "\"finish_reason\":\"stop\"", "end_turn", "[\"text\"]"),
                Arguments.of("{\"content\":\"Hi\"}", "\"finish_reason\":\"length\"", "max_tokens", "[\"text\"]"),
                Arguments.of(
                        "{\"content\":\"Hi\"}",
                        "\"finish_reason\":\"stop\",\"stop_reason\":\"END\"",
                        "stop_sequence",
                        "[\"text\"]"),
                Arguments.of("{\"content\":\"\"}", "\"finish_reason\":\"content_filter\"", "refusal", "[]"),
                Arguments.of(
                        "{\"content\":null,\"refusal\":\"No\"}", "\"finish_reason\":\"stop\"", "refusal", "[\"text\"]"),
                Arguments.of(
                        "{\"content\":\"\\n\",\"reasoning\":\"unasked\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":{\"a\":1}}}]}",
                        "\"finish_reason\":\"stop\"",
                        "tool_use",
                        "[\"tool_use\"]"));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void stopReasons(String message, String rest, String reason, String types) throws Exception {
        var answer = answer("", message, rest);
        assertThat(answer.path("stop_reason").asString()).isEqualTo(reason);
        var found = Json.array();
        answer.path("content").forEach(block -> found.add(block.path("type").asString()));
        assertThat(found).isEqualTo(Json.parsed(types));
    }

    @Test
    void argumentsThatAreNoObjectReachTheTool() throws Exception {
        var answer = answer(
                "",
                "{\"content\":null,\"tool_calls\":[{\"id\":\"t\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":\"}}]}",
                "\"finish_reason\":\"tool_calls\"");
        assertThat(answer.path("content").get(0).get("input"))
                .isEqualTo(Json.parsed("{\"arguments\":\"{\\\"a\\\":\"}"));
    }

    @Test
    void whatIsNoCompletionIsTheBackendsFault() throws Exception {
        var translation = translation("");
        for (String body : List.of("", "<html>", "[]", "{}", "{\"error\":\"out of memory\"}")) {
            assertThatThrownBy(() -> translation.answer(body.getBytes(UTF_8)))
                    .as(body)
                    .isInstanceOf(BadAnswer.class);
        }
        assertThatThrownBy(() -> translation.frame(new Frame(null, "{\"error\":{\"message\":\"out of memory\"}}")))
                .isInstanceOf(BadAnswer.class)
                .hasMessage("out of memory");
    }

    /** The events as one line each: name, and what it brings. */
    private static List<String> stream(String fields, String... deltas) throws Exception {
        var translation = translation(fields);
        var all = new StringBuilder();
        for (String delta : deltas) {
            String data = delta.startsWith("[") || delta.contains("\"choices\"")
                    ? delta
                    : "{\"choices\":[{\"index\":0,\"delta\":" + delta + "}]}";
            all.append(new String(translation.frame(new Frame(null, data)), UTF_8));
        }
        all.append(new String(translation.end(), UTF_8));
        var seen = new ArrayList<String>();
        for (Frame frame : SseReaderTest.frames(all.toString())) {
            var data = Json.data(frame);
            assertThat(data.path("type").asString()).isEqualTo(frame.event());
            seen.add(
                    switch (data.path("type").asString()) {
                        case "content_block_start" ->
                            "start " + data.get("index") + " " + Json.text(data.path("content_block"));
                        case "content_block_delta" -> {
                            var delta = data.path("delta");
                            String type = delta.path("type").asString();
                            yield type + " " + data.get("index") + " "
                                    + delta.path(
                                                    switch (type) {
                                                        case "text_delta" -> "text";
                                                        case "thinking_delta" -> "thinking";
                                                        case "signature_delta" -> "signature";
                                                        default -> "partial_json";
                                                    })
                                            .asString();
                        }
                        case "content_block_stop" -> "stop " + data.get("index");
                        case "message_delta" -> Json.text(data.path("delta")) + Json.text(data.path("usage"));
                        default -> data.path("type").asString();
                    });
        }
        assertThat(seen.subList(0, 2)).containsExactly("message_start", "ping");
        assertThat(seen.getLast()).isEqualTo("message_stop");
        return seen.subList(2, seen.size() - 1);
    }

    private static String call(String index, String fields, String name, String arguments) {
        return "{\"tool_calls\":[{%s%s\"function\":{%s\"arguments\":\"%s\"}}]}"
                .formatted(
                        index.isEmpty() ? "" : "\"index\":" + index + ",",
                        fields,
                        name.isEmpty() ? "" : "\"name\":\"" + name + "\",",
                        arguments.replace("\"", "\\\""));
    }

    private static String end(String finish) {
        return "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + finish + "\"}]}";
    }

    private static final String COUNTED =
            "{\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":8}}}";

    private static final String USAGE =
            "{\"input_tokens\":4,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":8,\"output_tokens\":5}";

    @Test
    void streamOfTextAndThinking() throws Exception {
        assertThat(stream(
                        THINKS,
                        "{\"role\":\"assistant\",\"content\":\"\"}",
                        "{\"reasoning_content\":\"H\"}",
                        "{\"reasoning\":\"m\"}",
                        "{\"content\":\"\\n\"}",
                        "{\"content\":\"Hi \\\"you\\\"\"}",
                        end("stop"),
                        COUNTED,
                        "[DONE]"))
                .containsExactly(
                        "start 0 {\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}",
                        "thinking_delta 0 H",
                        "thinking_delta 0 m",
                        "signature_delta 0 mlxstack:",
                        "stop 0",
                        "start 1 {\"type\":\"text\",\"text\":\"\"}",
                        "text_delta 1 \nHi \"you\"",
                        "stop 1",
                        "{\"stop_reason\":\"end_turn\",\"stop_sequence\":null}" + USAGE);
    }

    @Test
    void thinkingThatIsOmittedTravelsInTheSignature() throws Exception {
        String omitted = new Thinking(true, true).signature("Hm");
        assertThat(stream(
                        "\"thinking\":{\"type\":\"adaptive\",\"display\":\"omitted\"},",
                        "{\"reasoning_content\":\"H\"}",
                        "{\"reasoning_content\":\"m\"}",
                        "{\"content\":\"Hi\"}",
                        end("stop")))
                .contains("signature_delta 0 " + omitted)
                .noneMatch(event -> event.startsWith("thinking_delta"));
        assertThat(stream("", "{\"reasoning_content\":\"H\"}", "{\"content\":\"Hi\"}", end("stop"))
                        .getFirst())
                .isEqualTo("start 0 {\"type\":\"text\",\"text\":\"\"}");
    }

    @Test
    void callsOneAfterTheOtherStreamAsTheyCome() throws Exception {
        assertThat(stream(
                        "",
                        "{\"content\":\"Now\"}",
                        call("0", "\"id\":\"a\",", "f", ""),
                        call("0", "", "", "{\"x\":"),
                        call("0", "", "", "\"}\"}"),
                        call("1", "\"id\":\"b\",", "g", "{"),
                        call("1", "", "", "}"),
                        end("tool_calls")))
                .containsExactly(
                        "start 0 {\"type\":\"text\",\"text\":\"\"}",
                        "text_delta 0 Now",
                        "stop 0",
                        "start 1 {\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"f\",\"input\":{}}",
                        "input_json_delta 1 {\"x\":",
                        "input_json_delta 1 \"}\"}",
                        "stop 1",
                        "start 2 {\"type\":\"tool_use\",\"id\":\"b\",\"name\":\"g\",\"input\":{}}",
                        "input_json_delta 2 {",
                        "input_json_delta 2 }",
                        "stop 2",
                        "{\"stop_reason\":\"tool_use\",\"stop_sequence\":null}{\"input_tokens\":0,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,\"output_tokens\":0}");
    }

    /** Interleaved; the second one's id comes late; text comes before the first one is whole. */
    @Test
    void mixedPiecesMakeBlocksThatAreWhole() throws Exception {
        assertThat(stream(
                                "",
                                call("0", "\"id\":\"a\",", "f", "{\"x\":"),
                                call("1", "", "g", "{\"y\""),
                                call("0", "", "", "1"),
                                "{\"content\":\"late\"}",
                                call("1", "\"id\":\"b\",", "", ":2}"),
                                call("0", "", "", "}"),
                                end("stop"))
                        .stream()
                        .limit(11))
                .containsExactly(
                        "start 0 {\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"f\",\"input\":{}}",
                        "input_json_delta 0 {\"x\":",
                        "input_json_delta 0 1",
                        "input_json_delta 0 }",
                        "stop 0",
                        "start 1 {\"type\":\"tool_use\",\"id\":\"b\",\"name\":\"g\",\"input\":{}}",
                        "input_json_delta 1 {\"y\":2}",
                        "stop 1",
                        "start 2 {\"type\":\"text\",\"text\":\"\"}",
                        "text_delta 2 late",
                        "stop 2");
    }

    static Stream<Arguments> oddCalls() {
        return Stream.of(
                Arguments.of(
                        "no ids",
                        List.of(call("0", "", "f", "{"), call("0", "", "", "}"), call("1", "", "g", "{}")),
                        List.of("toolu_r1_0 f {}", "toolu_r1_1 g {}")),
                Arguments.of(
                        "no index",
                        List.of(
                                call("", "\"id\":\"a\",", "f", "{"),
                                call("", "", "", "}"),
                                call("", "\"id\":\"b\",", "g", "{}")),
                        List.of("a f {}", "b g {}")),
                Arguments.of(
                        "index 0 for all",
                        List.of(call("0", "\"id\":\"a\",", "f", "{}"), call("0", "\"id\":\"b\",", "g", "{}")),
                        List.of("a f {}", "b g {}")),
                Arguments.of(
                        "another id with each piece",
                        List.of(call("0", "\"id\":\"a\",", "f", "{"), call("0", "\"id\":\"z\",", "", "}")),
                        List.of("a f {}")),
                Arguments.of(
                        "legacy",
                        List.of(
                                "{\"function_call\":{\"name\":\"f\",\"arguments\":\"\"}}",
                                "{\"function_call\":{\"arguments\":\"{}\"}}"),
                        List.of("toolu_r1 f {}")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("oddCalls")
    void oddCalls(String name, List<String> deltas, List<String> expected) throws Exception {
        var all = new ArrayList<>(deltas);
        all.add(end("tool_calls"));
        var calls = new ArrayList<String>();
        for (String event : stream("", all.toArray(String[]::new))) {
            if (event.startsWith("start")) {
                var block = requireNonNull(Json.parsed(event.substring("start 0 ".length())));
                calls.add(block.path("id").asString() + " " + block.path("name").asString() + " ");
            } else if (event.startsWith("input_json_delta")) {
                calls.add(calls.removeLast() + event.substring("input_json_delta 0 ".length()));
            }
        }
        assertThat(calls).isEqualTo(expected);
    }

    @Test
    void commentsKeepTheClientAwakeOnceItsStreamHasBegun() throws Exception {
        var translation = translation("");
        assertThat(translation.frame(new Frame(null, ""))).isEmpty();
        var _ = translation.frame(new Frame(null, "{\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}"));
        assertThat(new String(translation.frame(new Frame(null, "")), UTF_8))
                .isEqualTo("event: ping\ndata: {\"type\":\"ping\"}\n\n");
    }
}
