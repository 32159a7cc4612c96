package mlxstack.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static mlxstack.wire.MessagesToChatRequestTest.PROVIDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class ChatToMessagesTest {

    private static final Options ELSEWHERE = new Options(0, false, "r1", 1_790_000_000);

    private static ChatToMessages translation(String body) throws BadRequest {
        byte[] bytes = body.getBytes(UTF_8);
        return ChatToMessages.of(bytes, bytes.length, "claude-up", PROVIDER);
    }

    private static JsonNode messages(String body) throws BadRequest {
        byte[] request = translation(body).request();
        return Json.read(request, request.length);
    }

    static Stream<Arguments> conversations() {
        return Stream.of(
                Arguments.of(
                        "system and developer messages are one text; parts; results go before what the user says",
                        """
                        [{"role":"system","content":"You are"},{"role":"developer","content":[{"type":"text","text":"terse"}]},
                         {"role":"user","content":[{"type":"text","text":"Look","cache_control":{"type":"ephemeral"}},
                           {"type":"image_url","image_url":{"url":"data:image/png;base64,QQ==","detail":"low"}},
                           {"type":"image_url","image_url":{"url":"https://x/y.png"}}]},
                         {"role":"assistant","content":"","reasoning_content":"Hm","tool_calls":[
                           {"id":"call.1","type":"function","function":{"name":"f","arguments":"{\\"a\\": 1.0}"}},
                           {"id":"call_2","type":"function","function":{"name":"g","arguments":""}}]},
                         {"role":"tool","tool_call_id":"call.1","content":"one"},
                         {"role":"tool","tool_call_id":"call_2","name":"g","content":[{"type":"text","text":"two"}]},
                         {"role":"user","content":"and"},
                         {"role":"system","content":"hurry"}]""",
                        "You are\nterse",
                        """
                        [{"role":"user","content":[{"type":"text","text":"Look","cache_control":{"type":"ephemeral"}},
                           {"type":"image","source":{"type":"base64","media_type":"image/png","data":"QQ=="}},
                           {"type":"image","source":{"type":"url","url":"https://x/y.png"}}]},
                         {"role":"assistant","content":[{"type":"tool_use","id":"call_1","name":"f","input":{"a":1.0}},
                           {"type":"tool_use","id":"call_2","name":"g","input":{}}]},
                         {"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1","content":"one"},
                           {"type":"tool_result","tool_use_id":"call_2","content":[{"type":"text","text":"two"}]},
                           {"type":"text","text":"and"},
                           {"type":"text","text":"<system-reminder>\\nhurry\\n</system-reminder>"}]}]"""),
                Arguments.of("the assistant does not begin, and what it is to go on with stays", """
                        [{"role":"assistant","content":"Hello"},{"role":"user","content":"a"},{"role":"user","content":"b"},
                         {"role":"assistant","content":"So"}]""", null, """
                        [{"role":"user","content":[{"type":"text","text":"Continue."}]},{"role":"assistant","content":[{"type":"text","text":"Hello"}]},
                         {"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
                         {"role":"assistant","content":[{"type":"text","text":"So"}]}]"""),
                Arguments.of("instructions alone are the question; a file", """
                        [{"role":"system","content":"Say hi"}]""", null, """
                        [{"role":"user","content":[{"type":"text","text":"Say hi"}]}]"""),
                Arguments.of("a function of old and a file", """
                        [{"role":"user","content":[{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,QQ=="}}]},
                         {"role":"assistant","content":null,"function_call":{"name":"f","arguments":"oops"}},
                         {"role":"function","name":"f","content":"r"}]""", null, """
                        [{"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"QQ=="},"title":"a.pdf"}]},
                         {"role":"assistant","content":[{"type":"tool_use","id":"call_f","name":"f","input":{"arguments":"oops"}}]},
                         {"role":"user","content":[{"type":"tool_result","tool_use_id":"call_f","content":"r"}]}]"""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("conversations")
    void conversation(String name, String chat, @Nullable String system, String expected) throws BadRequest {
        var made = messages("{\"model\":\"m\",\"messages\":" + chat + "}");
        assertThat(made.get("messages")).isEqualTo(Json.parsed(expected));
        assertThat(Json.text(made, "system")).isEqualTo(system);
    }

    @Test
    void everythingElse() throws BadRequest {
        assertThat(messages("""
                        {"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":100000,"temperature":1.5,"top_p":0.5,"stop":["END","\\n"],
                         "user":"u1","stream":true,"seed":7,"logprobs":false,"parallel_tool_calls":false,"tool_choice":"required",
                         "tools":[{"type":"function","function":{"name":"f","description":"d","strict":true,"parameters":{"type":"object","properties":{}}}},
                                  {"type":"function","function":{"name":"g"}}],
                         "response_format":{"type":"json_schema","json_schema":{"name":"o","schema":{"type":"object","properties":{"a":{"type":"object"}}}}}}""")).isEqualTo(Json.parsed("""
                                {"model":"claude-up","max_tokens":8192,"messages":[{"role":"user","content":[{"type":"text","text":"x"}]}],
                                 "tools":[{"name":"f","description":"d","input_schema":{"type":"object","properties":{}}},{"name":"g","input_schema":{"type":"object"}}],
                                 "tool_choice":{"type":"any","disable_parallel_tool_use":true},
                                 "output_config":{"format":{"type":"json_schema","schema":{"type":"object","properties":{"a":{"type":"object","additionalProperties":false}},"additionalProperties":false}}},
                                 "temperature":1,"stop_sequences":["END"],"metadata":{"user_id":"u1"},"stream":true}"""));
        assertThat(
                        messages(
                                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"response_format\":{\"type\":\"json_object\"},\"top_p\":0.5,\"stop\":\"E\",\"max_completion_tokens\":7}"))
                .isEqualTo(Json.parsed("""
                                {"model":"claude-up","max_tokens":7,"system":"Answer with a single JSON object and nothing else.",
                                 "messages":[{"role":"user","content":[{"type":"text","text":"x"}]}],"top_p":0.5,"stop_sequences":["E"],"stream":false}"""));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`\"auto\"`,`{\"type\":\"auto\"}`",
                "`\"required\"`,`{\"type\":\"any\"}`",
                "`\"none\"`,`{\"type\":\"none\"}`",
                "`{\"type\":\"function\",\"function\":{\"name\":\"f\"}}`,`{\"type\":\"tool\",\"name\":\"f\"}`"
            })
    void toolChoice(String choice, String expected) throws BadRequest {
        var made = messages(
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":"
                        + choice + "}");
        assertThat(made.get("tool_choice")).isEqualTo(Json.parsed(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|messages",
                "{\"n\":2,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}|n",
                "{\"messages\":[{\"role\":\"robot\"}]}|messages[0].role",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\"}]}]}|messages[0].content[0]",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:x\"}}]}]}|messages[0].content[0]",
                "{\"tools\":[{\"type\":\"custom\",\"custom\":{}}],\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}|tools[0]"
            })
    void refused(String body, String at) {
        assertThatThrownBy(() -> messages(body)).isInstanceOfSatisfying(BadRequest.class, bad -> {
            assertThat(bad.error().status()).isEqualTo(400);
            assertThat(bad.error().param()).isEqualTo(at);
        });
    }

    private static final String ASKED =
            "{\"model\":\"m\",\"stream_options\":{\"include_usage\":true},\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";

    @Test
    void aWholeAnswer() throws Exception {
        byte[] answer = translation(ASKED).answer("""
                        {"id":"msg_1","type":"message","role":"assistant","model":"claude-up","content":[{"type":"thinking","thinking":"Hm","signature":"s"},
                          {"type":"text","text":"Hi"},{"type":"tool_use","id":"toolu_1","name":"f","input":{"a":1}}],
                         "stop_reason":"tool_use","usage":{"input_tokens":4,"cache_read_input_tokens":8,"cache_creation_input_tokens":2,"output_tokens":5}}""".getBytes(UTF_8));
        assertThat(Json.read(answer, answer.length)).isEqualTo(Json.parsed("""
                                {"id":"chatcmpl-r1","object":"chat.completion","created":1790000000,"model":"m","choices":[{"index":0,
                                  "message":{"role":"assistant","content":"Hi","refusal":null,"reasoning_content":"Hm",
                                    "tool_calls":[{"id":"toolu_1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"}}]},
                                  "logprobs":null,"finish_reason":"tool_calls"}],
                                 "usage":{"prompt_tokens":14,"completion_tokens":5,"total_tokens":19,
                                   "prompt_tokens_details":{"cached_tokens":8,"cache_write_tokens":2},"completion_tokens_details":{"reasoning_tokens":0}}}"""));
        assertThatThrownBy(() -> translation(ASKED)
                        .answer("{\"type\":\"error\",\"error\":{\"message\":\"Overloaded\"}}".getBytes(UTF_8)))
                .isInstanceOf(BadAnswer.class)
                .hasMessage("Overloaded");
    }

    private static final List<String> STREAM = List.of(
            "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":4,\"cache_read_input_tokens\":8,\"output_tokens\":1}}}",
            "{\"type\":\"ping\"}",
            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\"}}",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"Hm\"}}",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"s\"}}",
            "{\"type\":\"content_block_stop\",\"index\":0}",
            "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
            "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}",
            "{\"type\":\"content_block_stop\",\"index\":1}",
            "{\"type\":\"content_block_start\",\"index\":2,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"f\",\"input\":{}}}",
            "{\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"a\\\"\"}}",
            "{\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\":1}\"}}",
            "{\"type\":\"content_block_stop\",\"index\":2}",
            "{\"type\":\"content_block_start\",\"index\":3,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t2\",\"name\":\"g\",\"input\":{}}}",
            "{\"type\":\"content_block_stop\",\"index\":3}",
            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"},\"usage\":{\"output_tokens\":5}}",
            "{\"type\":\"message_stop\"}");

    private static String streamed(Translation translation) throws BadAnswer {
        var all = new StringBuilder();
        for (String data : STREAM) {
            String event = Json.data(new Frame(null, data)).path("type").asString();
            all.append(new String(translation.frame(new Frame(event, data)), UTF_8));
        }
        return all.append(new String(translation.end(), UTF_8)).toString();
    }

    @Test
    void aStream() throws Exception {
        var frames = SseReaderTest.frames(streamed(translation(ASKED)));
        assertThat(frames.getLast()).isEqualTo(new Frame(null, "[DONE]"));
        var deltas = frames.stream()
                .limit(frames.size() - 3L)
                .map(frame -> String.valueOf(Json.parsed(frame.data())))
                .map(json -> json.replaceAll(".*\"delta\":(.*),\"logprobs\":null,\"finish_reason\":null.*", "$1"))
                .toList();
        assertThat(deltas)
                .containsExactly(
                        "{\"role\":\"assistant\",\"content\":\"\"}",
                        "{\"reasoning_content\":\"Hm\"}",
                        "{\"content\":\"Hi\"}",
                        "{\"tool_calls\":[{\"index\":0,\"id\":\"t1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}",
                        "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\"\"}}]}",
                        "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\":1}\"}}]}",
                        "{\"tool_calls\":[{\"index\":1,\"id\":\"t2\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"\"}}]}",
                        "{\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\"{}\"}}]}");
        var progress = Progress.of(Dialect.CHAT);
        frames.forEach(progress::seen);
        assertThat(progress.isComplete()).isTrue();
        assertThat(progress.usage()).isEqualTo(new Usage(12, 5, 8, 0, 0));
        assertThat(frames.get(frames.size() - 3).data()).contains("\"finish_reason\":\"tool_calls\"");
        assertThat(frames.get(frames.size() - 2).data()).contains("\"choices\":[]");
        assertThatThrownBy(() -> translation(ASKED)
                        .frame(new Frame("error", "{\"type\":\"error\",\"error\":{\"message\":\"Overloaded\"}}")))
                .isInstanceOf(BadAnswer.class)
                .hasMessage("Overloaded");
    }

    /** Messages to chat and on to Messages: what the client asked and what it is answered mean the same. */
    @Test
    void thereAndBack() throws Exception {
        String messages = """
                [{"role":"user","content":[{"type":"text","text":"Look"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QQ=="}}]},
                 {"role":"assistant","content":[{"type":"text","text":"Two"},{"type":"tool_use","id":"t1","name":"f","input":{"a":1}},{"type":"tool_use","id":"t2","name":"g","input":{}}]},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"one"},{"type":"tool_result","tool_use_id":"t2","content":"two"},{"type":"text","text":"and"}]}]""";
        String tools =
                "[{\"name\":\"f\",\"description\":\"d\",\"input_schema\":{\"type\":\"object\",\"properties\":{}}}]";
        String rest =
                "\"max_tokens\":99,\"stream\":true,\"system\":\"You are\",\"tool_choice\":{\"type\":\"tool\",\"name\":\"f\",\"disable_parallel_tool_use\":true},\"stop_sequences\":[\"E\"]";
        byte[] body = ("{\"model\":\"m\",\"thinking\":{\"type\":\"adaptive\"},\"messages\":" + messages + ",\"tools\":"
                        + tools + "," + rest + "}")
                .getBytes(UTF_8);
        var there = MessagesToChat.of(body, body.length, "m2", ELSEWHERE);
        byte[] chat = there.request();
        var onwards = ChatToMessages.of(chat, chat.length, "m3", ELSEWHERE);
        byte[] back = onwards.request();
        assertThat(Json.read(back, back.length))
                .isEqualTo(Json.parsed(
                        "{\"model\":\"m3\",\"messages\":" + messages + ",\"tools\":" + tools + "," + rest + "}"));

        var blocks = Json.array();
        var answer = new StringBuilder();
        for (Frame frame : SseReaderTest.frames(streamed(onwards))) {
            answer.append(new String(there.frame(frame), UTF_8));
        }
        answer.append(new String(there.end(), UTF_8));
        for (Frame frame : SseReaderTest.frames(answer.toString())) {
            var event = Json.data(frame);
            String type = event.path("type").asString();
            if (type.equals("content_block_start")
                    || type.equals("content_block_delta")
                    || type.equals("message_delta")) {
                blocks.add(event.path(type.equals("content_block_start") ? "content_block" : "delta"));
            }
        }
        assertThat(blocks).isEqualTo(Json.parsed("""
                                [{"type":"thinking","thinking":"","signature":""},{"type":"thinking_delta","thinking":"Hm"},{"type":"signature_delta","signature":"mlxstack:"},
                                 {"type":"text","text":""},{"type":"text_delta","text":"Hi"},
                                 {"type":"tool_use","id":"t1","name":"f","input":{}},{"type":"input_json_delta","partial_json":"{\\"a\\""},{"type":"input_json_delta","partial_json":":1}"},
                                 {"type":"tool_use","id":"t2","name":"g","input":{}},{"type":"input_json_delta","partial_json":"{}"},
                                 {"stop_reason":"tool_use","stop_sequence":null}]"""));
    }
}
