package mlxstack.gateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What strict servers and chat templates demand of a chat completion: looser ones take all that these take. */
final class ChatRules {

    private ChatRules() {}

    /** The first rule that a request breaks; null when it breaks none. */
    static @Nullable String broken(JsonObject body) {
        var open = new HashSet<String>();
        String before = "";
        var messages = body.getJsonArray("messages", new JsonArray());
        for (int i = 0; i < messages.size(); i++) {
            var message = messages.getJsonObject(i);
            String role = message.getString("role");
            String fault = switch (role) {
                case "system" -> i > 0 ? "a system message that is not the first" : content(message, false);
                case "user" -> content(message, true);
                case "assistant" -> before.equals("assistant") ? "two answers in a row" : calls(message, open);
                case "tool" ->
                    open.remove(message.getString("tool_call_id"))
                            ? content(message, false)
                            : "the result of a call that nobody made: " + message.encode();
                default -> "a message of role " + role;
            };
            if (fault == null && !open.isEmpty() && (role.equals("user") || role.equals("system"))) {
                fault = "calls without results: " + open;
            }
            if (fault != null) {
                return "messages[%d]: found %s".formatted(i, fault);
            }
            before = role;
        }
        if (!before.equals("user") && !before.equals("tool")) {
            return "found a conversation that ends with \"" + before + "\", expected user or tool";
        }
        return tools(body);
    }

    private static @Nullable String content(JsonObject message, boolean images) {
        return switch (message.getValue("content")) {
            case String _ -> null;
            case JsonArray parts -> {
                for (Object part : parts) {
                    String type = ((JsonObject) part).getString("type");
                    if (!type.equals("text") && !(images && type.equals("image_url"))) {
                        yield "content of type " + type;
                    }
                }
                yield null;
            }
            case null, default -> "no content";
        };
    }

    private static @Nullable String calls(JsonObject message, Set<String> open) {
        var calls = message.getJsonArray("tool_calls");
        if (calls == null) {
            return content(message, false);
        }
        for (Object each : calls) {
            var call = (JsonObject) each;
            var function = call.getJsonObject("function");
            if (!"function".equals(call.getString("type")) || !open.add(call.getString("id"))) {
                return "a call that is no function or that has another's id";
            }
            // Chat templates read them as an object.
            new JsonObject(function.getString("arguments"));
        }
        return message.getValue("content") == null ? null : content(message, false);
    }

    private static @Nullable String tools(JsonObject body) {
        for (Object each : body.getJsonArray("tools", new JsonArray())) {
            var tool = (JsonObject) each;
            var function = tool.getJsonObject("function");
            if (!"function".equals(tool.getString("type")) || function == null) {
                return "found a tool of type " + tool.getString("type") + ", expected function";
            }
            // None at all is a function without arguments; Qwen Code has such.
            var parameters = Objects.requireNonNullElse(function.getJsonObject("parameters"), new JsonObject());
            if (!parameters.isEmpty() && !"object".equals(parameters.getString("type"))) {
                return "found a tool whose parameters are no object: " + function.getString("name");
            }
        }
        return null;
    }
}
