package mlxstack.wire;

import static mlxstack.wire.SseReaderTest.frames;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTest {

    private static Progress after(Dialect dialect, String... stream) throws BadAnswer {
        var progress = Progress.of(dialect);
        for (String part : stream) {
            for (Frame frame : frames(part)) {
                progress.seen(frame);
            }
        }
        return progress;
    }

    private static String chunk(String delta, @Nullable String finish) {
        return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}],\"usage\":null}\n\n"
                .formatted(delta, finish == null ? "null" : '"' + finish + '"');
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"role\":\"assistant\",\"content\":\"\"}",
                "{\"role\":\"assistant\",\"content\":null}",
                "{\"content\":\"\",\"reasoning_content\":\"\"}",
                "{\"tool_calls\":[]}",
                "{}"
            })
    void chatFramesWithoutContent(String delta) throws BadAnswer {
        assertThat(after(Dialect.CHAT, ": keepalive 1/9\n\n", chunk(delta, null))
                        .hasContent())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"content\":\"Hi\"}",
                "{\"reasoning_content\":\"Hm\"}",
                "{\"reasoning\":\"Hm\"}",
                "{\"refusal\":\"No\"}",
                "{\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}]}",
                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\"}}]}"
            })
    void chatFramesWithContent(String delta) throws BadAnswer {
        var progress = after(Dialect.CHAT, chunk("{\"role\":\"assistant\"}", null), chunk(delta, null));
        assertThat(progress.hasContent()).isTrue();
        assertThat(progress.isComplete()).isFalse();
        assertThat(progress.usage()).isNull();
        assertThat(progress.error()).isNull();
    }

    @Test
    void chatIsCompleteWithAFinishReasonAndHasUsageFromTheChunkWithoutChoices() throws BadAnswer {
        var progress = after(Dialect.CHAT, chunk("{\"content\":\"Hi\"}", null), chunk("{}", "stop"));
        assertThat(progress.isComplete()).isTrue();
        for (Frame frame : frames("""
                        data: {"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17,\
                        "prompt_tokens_details":{"cached_tokens":8},"completion_tokens_details":{"reasoning_tokens":2}}}

                        """)) {
            progress.seen(frame);
        }
        assertThat(progress.usage()).isEqualTo(new Usage(12, 5, 8, 0, 2));
    }

    @Test
    void legacyCompletionsAndDoneWithoutAReason() throws BadAnswer {
        var progress = after(
                Dialect.CHAT,
                "data: {\"object\":\"text_completion\",\"choices\":[{\"text\":\"Hi\",\"index\":0,\"finish_reason\":null}]}\n\n");
        assertThat(progress.hasContent()).isTrue();
        assertThat(progress.isComplete()).isFalse();
        progress.seen(new Frame(null, "[DONE]"));
        assertThat(progress.isComplete()).isTrue();
    }

    @Test
    void textThatLooksLikeAnEndIsNone() throws BadAnswer {
        var progress = after(
                Dialect.CHAT,
                chunk("{\"content\":\"a\"}", null),
                chunk("{\"content\":\"\\\"finish_reason\\\":\\\"stop\\\", {\\\"error\\\": \\\"x\\\"} [DONE]\"}", null));
        assertThat(progress.isComplete()).isFalse();
        assertThat(progress.error()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"error\":{\"message\":\"out of memory\",\"type\":\"server_error\",\"code\":null}}\n\n",
                "data: {\"error\": \"out of memory\"}\n\n",
                "event: error\ndata: {\"message\":\"out of memory\"}\n\n",
                "event: error\ndata: out of memory\n\n",
                "data: {\"object\":\"error\",\"message\":\"out of memory\",\"code\":500}\n\n",
                "data: {\"error\":{\"message\":\"out of memory\"},\"choices\":[{\"delta\":{},\"finish_reason\":\"error\"}]}\n\n",
                "data: {\"choices\":[{\"delta\":{},\"error\":{\"message\":\"out of memory\"},\"finish_reason\":null}]}\n\n"
            })
    void chatErrorsBeforeAndAfterContent(String frame) throws BadAnswer {
        var early = after(Dialect.CHAT, frame);
        assertThat(early.error()).isEqualTo("out of memory");
        assertThat(early.hasContent()).isFalse();
        var late = after(Dialect.CHAT, chunk("{\"content\":\"Hi\"}", null), frame);
        assertThat(late.error()).isEqualTo("out of memory");
        assertThat(late.isComplete()).isFalse();
    }

    @Test
    void messages() throws BadAnswer {
        String start = """
                event: message_start
                data: {"type":"message_start","message":{"id":"m","role":"assistant","content":[],"usage":{"input_tokens":10,"cache_read_input_tokens":90,"cache_creation_input_tokens":7,"output_tokens":1}}}

                event: ping
                data: {"type":"ping"}

                event: content_block_start
                data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

                """;
        var progress = after(Dialect.MESSAGES, start);
        assertThat(progress.hasContent()).isFalse();
        assertThat(progress.usage()).isEqualTo(new Usage(107, 1, 90, 7, 0));
        progress = after(Dialect.MESSAGES, start, """
                event: content_block_delta
                data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}

                event: message_delta
                data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":15}}

                """);
        assertThat(progress.hasContent()).isTrue();
        assertThat(progress.isComplete()).isFalse();
        assertThat(progress.usage()).isEqualTo(new Usage(107, 15, 90, 7, 0));
        progress.seen(new Frame("message_stop", "{\"type\":\"message_stop\"}"));
        assertThat(progress.isComplete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"Hm\"}}\n\n",
                "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"Bash\",\"input\":{}}}\n\n",
                "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\"}}\n\n"
            })
    void messagesWithContentAndNoEventNames(String frame) throws BadAnswer {
        assertThat(after(Dialect.MESSAGES, frame).hasContent()).isTrue();
    }

    @Test
    void messagesError() throws BadAnswer {
        assertThat(after(
                                Dialect.MESSAGES,
                                "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n")
                        .error())
                .isEqualTo("Overloaded");
    }

    @Test
    void responses() throws BadAnswer {
        String start = """
                event: response.created
                data: {"type":"response.created","response":{"id":"r","status":"in_progress","error":null}}

                event: response.output_item.added
                data: {"type":"response.output_item.added","item":{"type":"message","content":[]}}

                """;
        assertThat(after(Dialect.RESPONSES, start).hasContent()).isFalse();
        var progress = after(Dialect.RESPONSES, start, """
                data: {"type":"response.output_text.delta","delta":"Hi"}

                data: {"type":"response.completed","response":{"status":"completed","usage":{"input_tokens":12,"input_tokens_details":{"cached_tokens":8},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":2},"total_tokens":17}}}

                """);
        assertThat(progress.hasContent()).isTrue();
        assertThat(progress.isComplete()).isTrue();
        assertThat(progress.usage()).isEqualTo(new Usage(12, 5, 8, 0, 2));
        assertThat(after(
                                Dialect.RESPONSES,
                                "data: {\"type\":\"response.output_item.added\",\"item\":{\"type\":\"function_call\",\"name\":\"f\"}}\n\n")
                        .hasContent())
                .isTrue();
        assertThat(after(Dialect.RESPONSES, "data: {\"type\":\"response.incomplete\",\"response\":{}}\n\n")
                        .isComplete())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"server_error\",\"message\":\"no memory\"}}}\n\n",
                "event: error\ndata: {\"type\":\"error\",\"code\":null,\"message\":\"no memory\",\"param\":null,\"sequence_number\":3}\n\n",
                "data: {\"type\":\"error\",\"error\":{\"message\":\"no memory\"}}\n\n"
            })
    void responsesErrors(String frame) throws BadAnswer {
        var progress = after(Dialect.RESPONSES, frame);
        assertThat(progress.error()).isEqualTo("no memory");
        assertThat(progress.isComplete()).isFalse();
    }
}
