package mlxstack.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Of a stream of chat completions or legacy completions. Most frames are pieces of content: once the first was seen, a
 * frame is parsed only when it may have a finish reason, usage or an error.
 */
final class ChatProgress extends StreamProgress {

    private static final String DONE = "[DONE]";

    private @Nullable Usage usage;

    @Override
    public void seen(Frame frame) {
        String data = frame.data();
        if (data.isEmpty()) {
            return;
        }
        if (data.length() <= DONE.length() + 2 && data.strip().equals(DONE)) {
            complete();
            return;
        }
        boolean named = "error".equals(frame.event());
        if (hasContent()
                && !named
                && !mayHave(data, "\"finish_reason\"")
                && !mayHave(data, "\"usage\"")
                && !mayHave(data, "\"error\"")) {
            return;
        }
        var json = json(data);
        if (json == null) {
            if (named) {
                failed(ErrorText.shortened(data));
            }
            return;
        }
        boolean tells = named || Json.has(json, "error") || "error".equals(Json.text(json, "object"));
        String error = tells ? ErrorText.in(json) : null;
        if (error != null) {
            failed(error);
        }
        for (var choice : Json.items(json, "choices")) {
            choice(choice);
        }
        // With a count in each chunk, the last one stands.
        var counted = Usages.of(Dialect.CHAT, json.get("usage"));
        usage = counted != null ? counted : usage;
    }

    private void choice(JsonNode choice) {
        if (Json.has(choice, "error")) {
            failed(ErrorText.of(choice.path("error")));
        }
        var delta = choice.path("delta");
        content(filled(choice, "text")
                || filled(delta, "content")
                || filled(delta, "tool_calls")
                || filled(delta, "reasoning_content")
                || filled(delta, "reasoning")
                || filled(delta, "reasoning_details")
                || filled(delta, "refusal")
                || filled(delta, "function_call")
                || filled(delta, "audio"));
        String finish = Json.text(choice, "finish_reason", "");
        if (finish.equals("error")) {
            failed("the endpoint ended its answer with finish_reason \"error\"");
        } else if (!finish.isEmpty()) {
            complete();
        }
    }

    @Override
    public @Nullable Usage usage() {
        return usage;
    }
}
