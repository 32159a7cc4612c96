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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class MessagesToChatRequestTest {

    static final Options LOCAL = new Options(0, true, "r1", 1_790_000_000);
    static final Options PROVIDER = new Options(8192, false, "r1", 1_790_000_000);

    static JsonNode chat(String body, Options options) throws BadRequest {
        byte[] bytes = body.getBytes(UTF_8);
        byte[] request =
                MessagesToChat.of(bytes, bytes.length, "upstream", options).request();
        return Json.read(request, request.length);
    }

    private static JsonNode messages(String messages) throws BadRequest {
        return chat("{\"model\":\"m\",\"max_tokens\":9,\"messages\":" + messages + "}", LOCAL)
                .path("messages");
    }

    static Stream<Arguments> conversations() {
        return Stream.of(
                Arguments.of("blocks of text are one string", """
                        [{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"type":"text","text":"b"}]}]""", """
                        [{"role":"user","content":"a\\nb"}]"""),
                Arguments.of("images, by data and by address", """
                        [{"role":"user","content":[{"type":"text","text":"Look"},
                          {"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"QUJD"}},
                          {"type":"image","source":{"type":"url","url":"https://x/y.png"}}]}]""", """
                        [{"role":"user","content":[{"type":"text","text":"Look"},
                          {"type":"image_url","image_url":{"url":"data:image/jpeg;base64,QUJD"}},
                          {"type":"image_url","image_url":{"url":"https://x/y.png"}}]}]"""),
                Arguments.of("calls, reasoning, results before what the user says", """
                        [{"role":"user","content":"go"},
                         {"role":"assistant","content":[{"type":"thinking","thinking":"Hm","signature":"s"},{"type":"redacted_thinking","data":"x"},
                           {"type":"text","text":"Two"},
                           {"type":"tool_use","id":"t1","name":"Bash","input":{"command":"ls","n":1.50}},
                           {"type":"tool_use","id":"t2","name":"Now","input":{}}]},
                         {"role":"user","content":[{"type":"text","text":"and now"},
                           {"type":"tool_result","tool_use_id":"t1","content":"file"},
                           {"type":"tool_result","tool_use_id":"t2","is_error":true,"content":[{"type":"text","text":"no"},{"type":"text","text":"clock"}]}]}]""", """
                        [{"role":"user","content":"go"},
                         {"role":"assistant","content":"Two","reasoning_content":"Hm","tool_calls":[
                           {"id":"t1","type":"function","function":{"name":"Bash","arguments":"{\\"command\\":\\"ls\\",\\"n\\":1.50}"}},
                           {"id":"t2","type":"function","function":{"name":"Now","arguments":"{}"}}]},
                         {"role":"tool","tool_call_id":"t1","content":"file"},
                         {"role":"tool","tool_call_id":"t2","content":"Error: no\\nclock"},
                         {"role":"user","content":"and now"}]"""),
                Arguments.of(
                        "an image among a result is shown by the user; nothing said beside a call is null", """
                        [{"role":"user","content":"go"},
                         {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"Shot","input":{}}]},
                         {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[
                           {"type":"text","text":"taken"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QQ=="}}]}]}]""", """
                        [{"role":"user","content":"go"},
                         {"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"Shot","arguments":"{}"}}]},
                         {"role":"tool","tool_call_id":"t1","content":"taken"},
                         {"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,QQ=="}}]}]"""),
                Arguments.of(
                        "system entries: before the first answer they are the system message, later the user's",
                        """
                        [{"role":"system","content":"first"},{"role":"developer","content":[{"type":"text","text":"second"}]},
                         {"role":"user","content":"hi"},
                         {"role":"system","content":[{"type":"text","text":"env","cache_control":{"type":"ephemeral"}}]},
                         {"role":"assistant","content":"ok"},{"role":"user","content":"and"},{"role":"system","content":"late"}]""",
                        """
                        [{"role":"system","content":"first\\nsecond\\nenv"},
                         {"role":"user","content":"hi"},
                         {"role":"assistant","content":"ok"},
                         {"role":"user","content":"and\\n<system-reminder>\\nlate\\n</system-reminder>"}]"""),
                Arguments.of("documents and search results", """
                        [{"role":"user","content":[{"type":"document","source":{"type":"text","media_type":"text/plain","data":"words"}},
                          {"type":"document","title":"a.pdf","source":{"type":"base64","media_type":"application/pdf","data":"QQ=="}},
                          {"type":"search_result","title":"T","source":"https://x","content":[{"type":"text","text":"found"}]}]}]""", """
                        [{"role":"user","content":[{"type":"text","text":"words"},
                          {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,QQ=="}},
                          {"type":"text","text":"T\\nhttps://x\\nfound"}]}]"""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("conversations")
    void conversation(String name, String messages, String expected) throws BadRequest {
        assertThat(messages(messages)).isEqualTo(Json.parsed(expected));
    }

    @Test
    void systemIsTextHoweverItComesAndWithoutTheBillingLine() throws BadRequest {
        String rest = ",\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        var blocks = chat(
                "{\"system\":[{\"type\":\"text\",\"text\":\"x-anthropic-billing-header: cc_version=2.1.329.abc;\"},"
                        + "{\"type\":\"text\",\"text\":\"You are\",\"cache_control\":{\"type\":\"ephemeral\"}}]"
                        + rest,
                LOCAL);
        var text = chat("{\"system\":\"You are\"" + rest, LOCAL);
        assertThat(blocks).isEqualTo(text);
        assertThat(text.path("messages").get(0))
                .isEqualTo(Json.parsed("{\"role\":\"system\",\"content\":\"You are\"}"));
    }

    /** As Claude Code does it: the newest block carries the cache's mark, and what was a list is text on the next turn. */
    @Test
    void thePromptOfATurnIsThePrefixOfTheNext() throws BadRequest {
        String system = "[{\"type\":\"text\",\"text\":\"You are\"}]";
        String hi = "{\"role\":\"user\",\"content\":\"hi\"}";
        String hiMarked = "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"hi\",\"cache_control\":{}}]}";
        String env = "{\"role\":\"system\",\"content\":\"env\"}";
        String envMarked =
                "{\"role\":\"system\",\"content\":[{\"type\":\"text\",\"text\":\"env\",\"cache_control\":{\"type\":\"ephemeral\"}}]}";
        String call =
                "{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"%s\"},{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"Read\",\"input\":{\"a\":1}}]}"
                        .formatted(new Thinking(true, true).signature("I should read"));
        String result =
                "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":\"text\"},{\"type\":\"text\",\"text\":\"go on\"}]}";
        String resultMarked =
                "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":[{\"type\":\"text\",\"text\":\"text\"}]},{\"type\":\"text\",\"text\":\"go on\",\"cache_control\":{}}]}";
        String late = "{\"role\":\"system\",\"content\":\"late\"}";
        String answer = "{\"role\":\"assistant\",\"content\":\"done\"}";
        var turns = List.of(
                List.of(hiMarked),
                List.of(hiMarked, envMarked),
                List.of(hi, env, call, resultMarked),
                List.of(hi, env, call, result, late),
                List.of(hi, env, call, result, late, answer, hiMarked));
        var prompts = new ArrayList<JsonNode>();
        for (var turn : turns) {
            prompts.add(chat("{\"model\":\"m\",\"system\":" + system + ",\"messages\":" + turn + "}", LOCAL)
                    .path("messages"));
        }
        // A reminder joins the turn that is still the user's; every turn the model has answered stays as it was.
        for (int[] pair : new int[][] {{1, 2}, {3, 4}}) {
            var earlier = prompts.get(pair[0]);
            var later = prompts.get(pair[1]);
            for (int i = 0; i < earlier.size(); i++) {
                assertThat(Json.text(later.get(i))).isEqualTo(Json.text(earlier.get(i)));
            }
        }
        assertThat(prompts.get(3).get(2).path("reasoning_content").asString()).isEqualTo("I should read");
    }

    @Test
    void everythingElse() throws BadRequest {
        String body = """
                {"model":"m","max_tokens":32000,"stream":true,"temperature":0.2,"top_p":0.9,"top_k":40,"stop_sequences":["END"],"min_p":0.1,"chat_template_kwargs":{"own":1},
                 "metadata":{"user_id":"{\\"device_id\\":\\"secret\\"}"},"context_management":{"edits":[]},"thinking":{"type":"disabled"},
                 "output_config":{"effort":"max","format":{"type":"json_schema","schema":{"type":"object"}}},
                 "tools":[{"name":"Bash","description":"Runs","input_schema":{"$schema":"http://s","type":"object","properties":{"c":{"type":"string"}}},"defer_loading":true,"cache_control":{}},
                          {"type":"custom","name":"Bare"},{"type":"web_search_20250305","name":"web_search"}],
                 "tool_choice":{"type":"any","disable_parallel_tool_use":true},
                 "messages":[{"role":"user","content":"x"}]}""";
        assertThat(chat(body, LOCAL)).isEqualTo(Json.parsed("""
                                {"model":"upstream","messages":[{"role":"user","content":"x"}],
                                 "tools":[{"type":"function","function":{"name":"Bash","description":"Runs","parameters":{"type":"object","properties":{"c":{"type":"string"}}}}},
                                          {"type":"function","function":{"name":"Bare","parameters":{"type":"object","properties":{}}}}],
                                 "tool_choice":"required","parallel_tool_calls":false,"max_tokens":32000,"stop":["END"],"top_k":40,
                                 "reasoning_effort":"high","chat_template_kwargs":{"own":1,"reasoning_effort":"high","enable_thinking":false},
                                 "response_format":{"type":"json_schema","json_schema":{"name":"output","schema":{"type":"object"},"strict":true}},
                                 "stream":true,"stream_options":{"include_usage":true},"temperature":0.2,"top_p":0.9,"min_p":0.1}"""));
        var provider = chat(body, PROVIDER);
        assertThat(provider.path("max_completion_tokens").asInt()).isEqualTo(8192);
        assertThat(provider.propertyNames())
                .doesNotContain("top_k", "min_p", "reasoning_effort", "chat_template_kwargs", "max_tokens", "user");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"],\"additionalProperties\":false}|true",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"additionalProperties\":false}|false",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"object\",\"properties\":{\"b\":{}}}},\"required\":[\"a\"],\"additionalProperties\":false}|false"
            })
    void schemasAreStrictWhereOpenAiTakesThemSo(String schema, boolean strict) throws BadRequest {
        var chat = chat(
                "{\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":" + schema
                        + "}},\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                PROVIDER);
        assertThat(chat.path("response_format")
                        .path("json_schema")
                        .path("strict")
                        .asBoolean())
                .isEqualTo(strict);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`{\"type\":\"auto\"}`,`\"auto\"`",
                "`{\"type\":\"any\"}`,`\"required\"`",
                "`{\"type\":\"none\"}`,`\"none\"`",
                "`{\"type\":\"tool\",\"name\":\"T\"}`,`{\"type\":\"function\",\"function\":{\"name\":\"T\"}}`"
            })
    void toolChoice(String choice, String expected) throws BadRequest {
        var chat = chat(
                "{\"model\":\"m\",\"tools\":[{\"name\":\"T\"}],\"tool_choice\":" + choice
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                PROVIDER);
        assertThat(chat.get("tool_choice")).isEqualTo(Json.parsed(expected));
        assertThat(chat.has("parallel_tool_calls")).isFalse();
    }

    @Test
    void ofOurOwnServersTheOneToolThatMustBeCalledIsTheOnlyOne() throws BadRequest {
        var chat = chat(
                "{\"tools\":[{\"name\":\"S\"},{\"name\":\"T\"}],\"tool_choice\":{\"type\":\"tool\",\"name\":\"T\"},\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                LOCAL);
        assertThat(chat.path("tool_choice").asString()).isEqualTo("required");
        assertThat(chat.path("tools")).hasSize(1);
        assertThat(chat.path("tools").get(0).path("function").path("name").asString())
                .isEqualTo("T");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|400|not JSON|no JSON object",
                "{\"model\":|400|line 1|not JSON",
                "{\"model\":\"m\"}|400|messages|at least one message",
                "{\"messages\":[{\"role\":\"robot\",\"content\":\"x\"}]}|400|messages[0].role|expected user",
                "{\"messages\":[{\"role\":\"user\",\"content\":7}]}|400|messages[0].content|list of blocks",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"hologram\"}]}]}|400|messages[0].content[0]|hologram",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"file\"}}]}]}|400|messages[0].content[0].source|base64 or url",
                "{\"max_tokens\":\"9\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}|400|max_tokens|above 0",
                "{\"tools\":[{\"type\":\"bash_20250124\",\"name\":\"bash\"}],\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}|400|tools[0]|input_schema",
                "{\"tools\":[{\"name\":\"a\"}],\"tool_choice\":{\"type\":\"tool\",\"name\":\"b\"},\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}|400|tool_choice.name|expected one of the tools",
                "{\"mcp_servers\":[{}],\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}|400|mcp_servers|client"
            })
    void refused(String body, int status, String at, String message) {
        assertThatThrownBy(() -> chat(body, LOCAL)).isInstanceOfSatisfying(BadRequest.class, bad -> {
            assertThat(bad.error().status()).isEqualTo(status);
            assertThat(bad.error().message()).contains(message);
            if (bad.error().param() != null) {
                assertThat(bad.error().param()).isEqualTo(at);
            }
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"create\"}|400|{\"error_code\":\"thread_unsupported_request\",\"unsupported\":[\"thread\"]}",
                "{\"type\":\"continue\",\"previous_message_id\":\"msg_1\"}|404|{\"error_code\":\"thread_not_found\"}"
            })
    void threadsAreRefusedInTheWordsThatSdksUnderstand(String thread, int status, String details) {
        String body =
                "{\"model\":\"m\",\"thread\":" + thread + ",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        assertThatThrownBy(() -> chat(body, LOCAL)).isInstanceOfSatisfying(BadRequest.class, bad -> {
            assertThat(bad.error().status()).isEqualTo(status);
            var answer = requireNonNull(Json.parsed(bad.error().json(Dialect.MESSAGES)));
            assertThat(answer.path("error").get("details")).isEqualTo(Json.parsed(details));
            assertThat(answer.path("error").path("type").asString())
                    .isEqualTo(status == 400 ? "invalid_request_error" : "not_found_error");
        });
        byte[] bytes = body.getBytes(UTF_8);
        assertThat(MessageThreads.refusal(bytes, bytes.length)).isNotNull();
        byte[] none = body.replace("\"thread\":" + thread, "\"thread\":false").getBytes(UTF_8);
        assertThat(MessageThreads.refusal(none, none.length)).isNull();
    }
}
