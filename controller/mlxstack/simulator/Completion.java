package mlxstack.simulator;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers a chat completion or a plain one. One per request. */
final class Completion {

    private final Body body;
    private final String model;
    private final boolean chat;
    private final long created;
    private final String id;
    private final List<String> tokens;
    private final int promptTokens;
    private final String finish;
    /** The function to call; null when the answer is text. */
    private final @Nullable Body call;

    /** @param length tokens to answer with; negative for as many as it takes */
    Completion(Body body, String model, boolean chat, int length, long created) {
        this.body = body;
        this.model = model;
        this.chat = chat;
        this.created = created;
        List<Body> messages = body.parts("messages");
        if (chat && messages.isEmpty()) {
            throw new BadRequest(400, "messages: expected a list with at least one message");
        }
        id = (chat ? "chatcmpl-" : "cmpl-") + Integer.toHexString(body.members().hashCode());
        call = chat ? chosen(messages.getLast()) : null;
        int limit = body.count("max_completion_tokens", body.count("max_tokens", Integer.MAX_VALUE));
        List<String> all = call != null
                ? List.of(ToolArguments.of(call.part("parameters")))
                : Words.reply(model, chat ? said(messages) : prompt(), length);
        boolean cut = call == null && all.size() > limit;
        tokens = cut ? all.subList(0, Math.max(0, limit)) : all;
        finish = call != null ? "tool_calls" : cut ? "length" : "stop";
        int words = chat ? 3 : Words.count(prompt());
        for (Body message : messages) {
            words += 4 + Words.count(message.content("content"));
        }
        promptTokens = words;
    }

    private static String said(List<Body> messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            String role = messages.get(i).text("role", "");
            if (role.equals("user") || role.equals("tool")) {
                return messages.get(i).content("content");
            }
        }
        return "";
    }

    private String prompt() {
        return body.get("prompt") instanceof List<?> list && !list.isEmpty()
                ? String.valueOf(list.getFirst())
                : body.text("prompt", "");
    }

    /** A model that is given tools uses one, until it sees the result. */
    private @Nullable Body chosen(Body last) {
        List<Body> tools = body.parts("tools");
        if (tools.isEmpty() || last.text("role", "").equals("tool") || "none".equals(body.get("tool_choice"))) {
            return null;
        }
        String wanted = body.part("tool_choice").part("function").text("name", "");
        for (Body tool : tools) {
            if (tool.part("function").text("name", "").equals(wanted)) {
                return tool.part("function");
            }
        }
        return tools.getFirst().part("function");
    }

    void answer(Pace pace, Answer answer) throws IOException {
        if (body.flag("stream")) {
            stream(pace, answer);
            return;
        }
        pace.first();
        for (int i = 0; i < tokens.size(); i++) {
            pace.next();
        }
        Map<String, @Nullable Object> choice = Api.members("index", 0);
        if (call != null) {
            choice.put(
                    "message",
                    Api.members("role", "assistant", "content", null, "tool_calls", List.of(toolCall(false))));
        } else if (chat) {
            choice.put("message", Api.members("role", "assistant", "content", String.join("", tokens)));
        } else {
            choice.put("text", String.join("", tokens));
        }
        choice.put("logprobs", null);
        choice.put("finish_reason", finish);
        Map<String, @Nullable Object> whole = envelope(chat ? "chat.completion" : "text_completion");
        whole.put("choices", List.of(choice));
        whole.put("usage", usage());
        answer.json(200, whole);
    }

    private void stream(Pace pace, Answer answer) throws IOException {
        pace.first();
        answer.stream();
        if (chat) {
            Map<String, @Nullable Object> role = Api.members("role", "assistant", "content", call == null ? "" : null);
            if (call != null) {
                role.put("tool_calls", List.of(toolCall(true)));
            }
            answer.event(chunk(role, null));
        }
        for (String token : tokens) {
            pace.next();
            answer.event(chunk(delta(token), null));
        }
        answer.event(chunk(chat ? Map.of() : Map.of("text", ""), finish));
        if (body.part("stream_options").flag("include_usage")) {
            Map<String, @Nullable Object> last = envelope(chat ? "chat.completion.chunk" : "text_completion");
            last.put("choices", List.of());
            last.put("usage", usage());
            answer.event(JsonText.of(last));
        }
        answer.event("[DONE]");
        answer.end();
    }

    private Map<String, @Nullable Object> delta(String token) {
        if (call != null) {
            return Api.members(
                    "tool_calls", List.of(Api.members("index", 0, "function", Api.members("arguments", token))));
        }
        return Api.members(chat ? "content" : "text", token);
    }

    private String chunk(Map<String, ? extends @Nullable Object> delta, @Nullable String finishReason) {
        Map<String, @Nullable Object> choice = Api.members("index", 0);
        if (chat) {
            choice.put("delta", delta);
        } else {
            choice.putAll(delta);
        }
        choice.put("finish_reason", finishReason);
        Map<String, @Nullable Object> chunk = envelope(chat ? "chat.completion.chunk" : "text_completion");
        chunk.put("choices", List.of(choice));
        return JsonText.of(chunk);
    }

    /** @param begun a stream's first chunk names the function and leaves the arguments for later */
    private Map<String, @Nullable Object> toolCall(boolean begun) {
        Map<String, @Nullable Object> toolCall = new LinkedHashMap<>();
        if (begun) {
            toolCall.put("index", 0);
        }
        toolCall.put("id", "call_" + id.substring(id.indexOf('-') + 1));
        toolCall.put("type", "function");
        String name = call == null ? "" : call.text("name", "");
        toolCall.put("function", Api.members("name", name, "arguments", begun ? "" : String.join("", tokens)));
        return toolCall;
    }

    private Map<String, @Nullable Object> usage() {
        int made = call != null ? Words.count(tokens.getFirst()) : tokens.size();
        return Api.members(
                "prompt_tokens", promptTokens, "completion_tokens", made, "total_tokens", promptTokens + made);
    }

    private Map<String, @Nullable Object> envelope(String object) {
        return Api.members("id", id, "object", object, "created", created, "model", model);
    }
}
