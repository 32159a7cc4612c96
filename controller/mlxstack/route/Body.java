package mlxstack.route;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mlxstack.wire.Operation;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The body of a request, read for routing alone; asked only where a rule or complexity needs it. What is not as its
 * dialect has it is passed over: the backend will complain. Confined to one thread.
 */
final class Body {

    /** Pictures make strings of megabytes. */
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .build();

    private static final int BYTES_PER_TOKEN = 4;
    /** What a picture costs, about. */
    private static final int PICTURE = 1000;

    private final Operation operation;
    private final JsonNode root;
    private long pictureChars;
    private int pictures;

    private Body(Operation operation, JsonNode root) {
        this.operation = operation;
        this.root = root;
    }

    /** One that is no JSON, a form for instance, says nothing. */
    static Body read(Operation operation, byte[] bytes, int length) {
        JsonNode root;
        try {
            root = JSON.readTree(bytes, 0, length);
        } catch (JacksonException e) {
            root = JSON.createObjectNode();
        }
        return new Body(operation, root);
    }

    /** Texts, numbers and truth values of {@code metadata}, as text. */
    Map<String, String> metadata() {
        var claims = new LinkedHashMap<String, String>();
        for (Map.Entry<String, JsonNode> one : root.path("metadata").properties()) {
            var value = one.getValue();
            String text = value.isValueNode() && !value.isNull() ? value.asString() : "";
            if (!text.isBlank() && claims.size() < Context.MOST && Context.usable(one.getKey(), text)) {
                claims.put(one.getKey(), text);
            }
        }
        return claims;
    }

    /** As MLX Router's agents name one; null when there is none. */
    @Nullable
    String modelClass() {
        return text(root.path("model_class"));
    }

    /** OpenAI's name for a conversation. */
    @Nullable
    String cacheKey() {
        return text(root.path("prompt_cache_key"));
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() && !node.asString().isBlank() ? node.asString() : null;
    }

    /** @param length of the body in bytes */
    Ask.Traits traits(int length, @Nullable String session) {
        var user = lastUserText();
        boolean tools = !root.path("tools").isEmpty() || !root.path("functions").isEmpty();
        long prompt = Math.max(0, length - pictureChars) / BYTES_PER_TOKEN + (long) pictures * PICTURE;
        return new Ask.Traits(prompt, maxTokens(), pictures > 0, tools, user, session);
    }

    private int maxTokens() {
        for (String field : List.of("max_completion_tokens", "max_tokens", "max_output_tokens")) {
            var value = root.path(field);
            if (value.canConvertToInt() && value.asInt() > 0) {
                return value.asInt();
            }
        }
        return 0;
    }

    /** Of the last message of the user that has any: results of tools come under the user's name too. */
    private String lastUserText() {
        var texts = new ArrayList<String>();
        switch (operation) {
            case CHAT_COMPLETIONS, MESSAGES, COUNT_TOKENS -> messages(root.path("messages"), texts);
            case RESPONSES -> {
                var input = root.path("input");
                if (input.isString()) {
                    texts.add(input.asString());
                } else {
                    messages(input, texts);
                }
            }
            case COMPLETIONS -> texts.add(parts(root.path("prompt")));
            case EMBEDDINGS, RERANK, OTHER -> {}
        }
        return texts.reversed().stream()
                .map(Reminders::stripped)
                .filter(text -> !text.isBlank())
                .findFirst()
                .orElse("");
    }

    private void messages(JsonNode messages, List<String> texts) {
        for (JsonNode message : messages) {
            // Looked at for pictures whoever sent it.
            String text = parts(message.path("content"));
            if (message.path("role").asString("").equals("user")) {
                texts.add(text);
            }
        }
    }

    /** Each part is stripped by itself, since a harness puts what is its own into parts of its own. */
    private String parts(JsonNode content) {
        if (content.isString()) {
            return content.asString();
        }
        var text = new StringBuilder();
        for (JsonNode part : content) {
            if (part.isString()) {
                text.append(part.asString()).append('\n');
                continue;
            }
            switch (part.path("type").asString("")) {
                case "text", "input_text" ->
                    text.append(Reminders.stripped(part.path("text").asString("")))
                            .append('\n');
                case "image_url", "input_image", "image" -> {
                    pictures++;
                    pictureChars += picture(part);
                }
                case "tool_result" -> parts(part.path("content"));
                default -> {}
            }
        }
        return text.toString().strip();
    }

    private static long picture(JsonNode part) {
        var url = part.path("image_url");
        return (long) url.asString("").length()
                + url.path("url").asString("").length()
                + part.path("source").path("data").asString("").length();
    }
}
