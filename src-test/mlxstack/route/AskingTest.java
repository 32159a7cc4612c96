package mlxstack.route;

import static mlxstack.route.Tables.ANYTHING;
import static mlxstack.route.Tables.context;
import static mlxstack.route.Tables.endpoint;
import static mlxstack.route.Tables.key;
import static mlxstack.route.Tables.known;
import static mlxstack.route.Tables.map;
import static mlxstack.route.Tables.route;
import static mlxstack.route.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mlxstack.spec.Complexity;
import mlxstack.spec.Route;
import mlxstack.wire.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AskingTest {

    private static final List<Backend> ONE = List.of(endpoint("primary"));
    private static final Table CONTEXTS = table(ONE, route("r", context("source_kind=owner"), "primary"));
    private static final Table SCORED = table(
            ONE,
            List.of(),
            new Complexity(
                    Complexity.Mode.ON, Complexity.Classifier.TEXT, "auto", Map.of(), Map.of(), List.of("primary")));

    private static Ask ask(Table table, Operation operation, String model, Map<String, String> headers, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return Asking.of(table, operation, model, null, headers::get, bytes, bytes.length)
                .getOrElseThrow(error -> new AssertionError(error));
    }

    private static Ask.Traits traits(Operation operation, Map<String, String> headers, String body) {
        return Objects.requireNonNull(
                ask(SCORED, operation, "auto", headers, body).traits());
    }

    @Test
    void whatNoRuleAsksForIsNotLookedAt() {
        var ask = ask(table(ONE), Operation.CHAT_COMPLETIONS, "primary", map("x-mlxstack-context=%zz"), "no JSON");
        assertThat(ask).isEqualTo(Tables.ask("primary"));
        var headers = new Route.Match(List.of(), List.of(), List.of(), Map.of("x-team", List.of("a")), Map.of());
        var withHeader = table(ONE, route("r", headers, "primary"));
        assertThat(ask(withHeader, Operation.CHAT_COMPLETIONS, "primary", map("x-team=b", "cookie=c"), "no JSON"))
                .isEqualTo(Tables.ask("primary", null, null, map("x-team=b")));
    }

    @Test
    void theKeysRecordGoesBeforeTheHeaderAndThatBeforeMetadata() {
        var table = table(
                ONE,
                List.of(known(key("hermes"), null, "source_kind=stranger")),
                null,
                route("r", context("source_kind=owner"), "primary"));
        byte[] body = """
                {"model": "primary", "metadata": {"source_kind": "owner", "platform": "cli", "n": 3, "b": true,
                "nothing": null, "list": [1], "bad name": "x", "empty": ""}}""".getBytes(StandardCharsets.UTF_8);
        var headers = map("x-mlxstack-context=source_kind=owner, platform=tele%67ram,role=a%2Cb,none=");
        var ask = Asking.of(table, Operation.CHAT_COMPLETIONS, "primary", "hermes", headers::get, body, body.length)
                .get();
        assertThat(ask.context())
                .isEqualTo(map("source_kind=stranger", "platform=telegram", "role=a,b", "n=3", "b=true"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"platform", "=x", "a b=c", "a=%4", "a=%zz", "a=%ff", "a=1,a=2"})
    void aContextThatCannotBeReadIsRefused(String header) {
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        var error = Asking.of(
                        CONTEXTS,
                        Operation.CHAT_COMPLETIONS,
                        "primary",
                        null,
                        map("x-mlxstack-context=" + header)::get,
                        body,
                        body.length)
                .getLeft();
        assertThat(error.status()).isEqualTo(400);
        assertThat(error.message()).startsWith("X-Mlxstack-Context: found \"").contains("expected");
    }

    @Test
    void aContextHasLimits() {
        assertThat(Context.header("a=" + "x".repeat(Context.LONGEST_VALUE)).isRight())
                .isTrue();
        assertThat(Context.header("a=" + "x".repeat(Context.LONGEST_VALUE + 1)).isLeft())
                .isTrue();
        assertThat(Context.header("x".repeat(Context.LONGEST_HEADER + 1)).isLeft())
                .isTrue();
        var many = new StringBuilder();
        for (int i = 0; i <= Context.MOST; i++) {
            many.append('k').append(i).append("=v,");
        }
        assertThat(Context.header(many.toString()).isLeft()).isTrue();
    }

    @Test
    void withoutAModelTheClassIsLookedFor() {
        var ask = ask(table(ONE), Operation.OTHER, "", Map.of(), "{\"model_class\": \"code\", \"messages\": []}");
        assertThat(ask.modelClass()).isEqualTo("code");
        assertThat(ask(table(ONE, route("r", ANYTHING, "primary")), Operation.OTHER, "", Map.of(), "no JSON")
                        .modelClass())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    CHAT_COMPLETIONS | {"messages":[{"role":"system","content":"debug"},{"role":"user","content":"one"},{"role":"assistant","content":"x"},{"role":"user","content":"two"}]} | two
                    CHAT_COMPLETIONS | {"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},{"role":"tool","content":"result"}]} | a/b
                    MESSAGES         | {"messages":[{"role":"user","content":"ask"},{"role":"assistant","content":"x"},{"role":"user","content":[{"type":"tool_result","content":"error"}]}]} | ask
                    MESSAGES         | {"messages":[{"role":"user","content":[{"type":"text","text":"<System-Reminder>debug this</System-Reminder>"},{"type":"text","text":"hi <system-reminder>x</system-reminder>there"}]}]} | hi there
                    RESPONSES        | {"input":"plain"} | plain
                    RESPONSES        | {"input":[{"role":"user","content":[{"type":"input_text","text":"do it"}]},{"role":"user","content":[{"type":"input_text","text":"<environment_context>cwd</environment_context>"}]},{"type":"function_call_output","output":"sql"}]} | do it
                    COMPLETIONS      | {"prompt":"once"} | once
                    COMPLETIONS      | {"prompt":["a","b"]} | a/b
                    EMBEDDINGS       | {"input":"x"} | ``
                    CHAT_COMPLETIONS | {"messages":[{"role":"user","content":"# AGENTS.md instructions for x <INSTRUCTIONS>debug</INSTRUCTIONS> go"}]} | go
                    CHAT_COMPLETIONS | {"messages":[{"role":"user","content":"a <system-reminder> that never ends"}]} | a <system-reminder> that never ends
                    CHAT_COMPLETIONS | {"messages":"none"} | ``
                    """)
    void theLastThatTheUserSaid(Operation operation, String body, String expected) {
        assertThat(traits(operation, Map.of(), body).lastUserText().replace('\n', '/'))
                .isEqualTo(expected);
    }

    @Test
    void picturesToolsTokensAndLimits() {
        String picture = "A".repeat(400_000);
        var chat = traits(Operation.CHAT_COMPLETIONS, Map.of(), """
                {"max_completion_tokens": 50, "tools": [{"type": "function"}], "messages": [{"role": "user", "content":
                [{"type": "text", "text": "see"}, {"type": "image_url", "image_url": {"url": "%s"}}]}]}""".formatted(picture));
        assertThat(chat.images()).isTrue();
        assertThat(chat.tools()).isTrue();
        assertThat(chat.maxTokens()).isEqualTo(50);
        assertThat(chat.promptTokens()).isBetween(1000L, 1100L);
        var messages = traits(Operation.MESSAGES, Map.of(), """
                {"max_tokens": 7, "tools": [], "messages": [{"role": "user", "content": [{"type": "tool_result",
                "content": [{"type": "image", "source": {"data": "%s"}}]}]}]}""".formatted(picture));
        assertThat(messages.images()).isTrue();
        assertThat(messages.tools()).isFalse();
        assertThat(messages.maxTokens()).isEqualTo(7);
        assertThat(messages.promptTokens()).isBetween(1000L, 1100L);
        var text = traits(Operation.RESPONSES, Map.of(), "{\"input\": \"" + "x".repeat(4000) + "\"}");
        assertThat(text.promptTokens()).isBetween(1000L, 1010L);
        assertThat(text.images()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "x-claude-code-session-id, s1",
        "session-id, s1",
        "x-session-affinity, s1",
        "prompt_cache_key, pck_1",
        "other, ",
    })
    void aConversationIsKnownByWhatItsClientSends(String header, String session) {
        String body = header.equals("prompt_cache_key") ? "{\"prompt_cache_key\": \"pck_1\"}" : "{}";
        assertThat(traits(Operation.RESPONSES, Map.of(header, "s1"), body).session())
                .isEqualTo(session == null ? null : "\n" + session);
    }
}
