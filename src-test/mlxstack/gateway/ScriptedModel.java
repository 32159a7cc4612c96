package mlxstack.gateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import mlxstack.gateway.TestingUpstream.Connection;
import mlxstack.gateway.TestingUpstream.Received;
import org.jspecify.annotations.Nullable;

/**
 * A model server that speaks chat completions and embeddings and nothing else, as strictly as the strictest do. What it
 * says follows from the conversation: it does the {@link Task} when it is offered the tools, and repeats the last text
 * otherwise. The model's name picks a fault: {@code dying} ends in the middle, {@code slow} stops after its first word
 * until the client leaves, {@code busy} refuses a text when it comes for the first time.
 */
final class ScriptedModel implements TestingUpstream.Script {

    static final String THOUGHT = "One step after the other.";
    static final int[] VECTOR = {1, -2, 3};

    private final List<Task> tasks;
    private final BlockingQueue<JsonObject> asked = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> left = new LinkedBlockingQueue<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    ScriptedModel(String file) {
        this(Task.all(file));
    }

    ScriptedModel(List<Task> tasks) {
        this.tasks = List.copyOf(tasks);
    }

    /** What it was asked, in the order of arrival. */
    List<JsonObject> asked() {
        return List.copyOf(asked);
    }

    /** One entry for each client that left a {@code slow} answer. */
    BlockingQueue<String> left() {
        return left;
    }

    @Override
    public void answer(Received request, Connection to) throws Exception {
        String path = request.line().split(" ")[1];
        if (path.equals("/v1/embeddings")) {
            to.json(embeddings(new JsonObject(request.text())));
            return;
        }
        if (!path.equals("/v1/chat/completions")) {
            refuse(to, "404 Not Found", "there is no " + path + " here", "");
            return;
        }
        var body = new JsonObject(request.text());
        asked.add(body);
        String fault = ChatRules.broken(body);
        if (fault != null) {
            refuse(to, "400 Bad Request", fault, "");
            return;
        }
        String model = body.getString("model");
        if (model.equals("busy") && refused.add(lastText(body))) {
            refuse(to, "429 Too Many Requests", "one at a time", "Retry-After: 1\r\n");
            return;
        }
        var reply = reply(body);
        if (Boolean.TRUE.equals(body.getBoolean("stream"))) {
            stream(body, reply, to);
        } else if (model.equals("dying")) {
            to.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"id\":");
            to.reset();
        } else if (model.equals("slow")) {
            to.awaitHangUp();
            left.add(model);
        } else {
            to.json(whole(body, reply).encode());
        }
    }

    private static void refuse(Connection to, String status, String message, String header) throws IOException {
        String body = new JsonObject()
                .put("error", new JsonObject().put("message", message).put("type", "invalid_request_error"))
                .encode();
        to.send("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\n" + header + "Content-Length: "
                + body.length() + "\r\n\r\n" + body);
    }

    /** @param calls ids are {@code call_N}, N counting through the conversation */
    private record Reply(@Nullable String thought, String text, List<Task.Call> calls, int firstCall) {
        String finish() {
            return calls.isEmpty() ? "stop" : "tool_calls";
        }

        String id(int call) {
            return "call_" + (firstCall + call);
        }
    }

    private Reply reply(JsonObject body) {
        String text = lastText(body);
        String thought = text.equals("think") ? THOUGHT : null;
        var messages = body.getJsonArray("messages");
        var results = messages.stream()
                .map(JsonObject.class::cast)
                .filter(m -> m.getString("role").equals("tool"))
                .toList();
        var offered = offered(body);
        var task = Task.with(offered, tasks);
        if (body.getJsonObject("response_format", new JsonObject()).containsKey("json_schema")) {
            return new Reply(thought, "{\"city\":\"Oslo\",\"people\":717710}", List.of(), 0);
        }
        if (task.isEmpty()) {
            var image = image(messages);
            return new Reply(thought, image != null ? image : said(text), List.of(), 0);
        }
        var calls = task.get().calls();
        if (text.equals("Read it with both.")) {
            var read = calls.get(1);
            return results.isEmpty()
                    ? new Reply(thought, "", List.of(read, read), 0)
                    : new Reply(thought, results.size() + " results", List.of(), 0);
        }
        if (results.size() < calls.size()) {
            String before = results.isEmpty() ? "I write it first." : "";
            return new Reply(thought, before, List.of(calls.get(results.size())), results.size());
        }
        boolean seen = text(results.getLast()).contains(Task.LINE);
        return new Reply(thought, seen ? Task.ANSWER : "The file cannot be read.", List.of(), 0);
    }

    private static String said(String text) {
        return "You said: " + text.substring(0, Math.min(text.length(), 40));
    }

    private static List<String> offered(JsonObject body) {
        var names = new ArrayList<String>();
        for (Object tool : body.getJsonArray("tools", new JsonArray())) {
            names.add(((JsonObject) tool).getJsonObject("function").getString("name"));
        }
        return names;
    }

    private static String text(JsonObject message) {
        if (message.getValue("content") instanceof JsonArray parts) {
            var text = new StringBuilder();
            parts.forEach(part -> text.append(((JsonObject) part).getString("text", "")));
            return text.toString();
        }
        return Objects.toString(message.getValue("content"), "");
    }

    private static String lastText(JsonObject body) {
        var messages = body.getJsonArray("messages");
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.getJsonObject(i).getString("role").equals("user")) {
                return text(messages.getJsonObject(i));
            }
        }
        return "";
    }

    private static @Nullable String image(JsonArray messages) {
        for (Object message : messages) {
            if (((JsonObject) message).getValue("content") instanceof JsonArray parts) {
                for (Object part : parts) {
                    var url = ((JsonObject) part).getJsonObject("image_url");
                    if (url != null) {
                        String[] data = url.getString("url").split("[:;,]");
                        return "I see %s of %d bytes"
                                .formatted(data[1], Base64.getDecoder().decode(data[3]).length);
                    }
                }
            }
        }
        return null;
    }

    private static JsonObject usage(JsonObject body, Reply reply) {
        int prompt = body.getJsonArray("messages").encode().length() / 4;
        int completion = 1 + reply.text.length() / 4 + 8 * reply.calls.size();
        return new JsonObject()
                .put("prompt_tokens", prompt)
                .put("completion_tokens", completion)
                .put("total_tokens", prompt + completion)
                .put("prompt_tokens_details", new JsonObject().put("cached_tokens", prompt / 2));
    }

    private static JsonObject call(Reply reply, int number, String arguments) {
        return new JsonObject()
                .put("id", reply.id(number))
                .put("type", "function")
                .put(
                        "function",
                        new JsonObject()
                                .put("name", reply.calls.get(number).tool())
                                .put("arguments", arguments));
    }

    private static JsonObject whole(JsonObject body, Reply reply) {
        var message =
                new JsonObject().put("role", "assistant").put("content", reply.text.isEmpty() ? null : reply.text);
        if (reply.thought != null) {
            message.put("reasoning_content", reply.thought);
        }
        if (!reply.calls.isEmpty()) {
            var calls = new JsonArray();
            for (int i = 0; i < reply.calls.size(); i++) {
                calls.add(call(reply, i, reply.calls.get(i).arguments().encode()));
            }
            message.put("tool_calls", calls);
        }
        return answer(body, "chat.completion")
                .put(
                        "choices",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("index", 0)
                                        .put("message", message)
                                        .put("finish_reason", reply.finish())))
                .put("usage", usage(body, reply));
    }

    private static JsonObject answer(JsonObject body, String object) {
        return new JsonObject()
                .put("id", "chatcmpl-1")
                .put("object", object)
                .put("created", 1)
                .put("model", body.getString("model"));
    }

    private void stream(JsonObject body, Reply reply, Connection to) throws IOException {
        var deltas = deltas(reply);
        to.events();
        for (int i = 0; i < deltas.size(); i++) {
            to.chunk(event(body, deltas.get(i), null));
            if (i == 2 && body.getString("model").equals("dying")) {
                to.reset();
                return;
            }
            if (i == 2 && body.getString("model").equals("slow")) {
                to.awaitHangUp();
                left.add("slow");
                return;
            }
        }
        to.chunk(event(body, new JsonObject(), reply.finish()));
        if (body.getJsonObject("stream_options", new JsonObject()).getBoolean("include_usage", false)) {
            to.chunk("data: "
                    + answer(body, "chat.completion.chunk")
                            .put("choices", new JsonArray())
                            .put("usage", usage(body, reply))
                            .encode()
                    + "\n\n");
        }
        to.chunk("data: [DONE]\n\n");
        to.lastChunk();
    }

    private static String event(JsonObject body, JsonObject delta, @Nullable String finish) {
        var choice = new JsonObject().put("index", 0).put("delta", delta).put("finish_reason", finish);
        return "data: "
                + answer(body, "chat.completion.chunk")
                        .put("choices", new JsonArray().add(choice))
                        .encode()
                + "\n\n";
    }

    private static List<JsonObject> deltas(Reply reply) {
        var deltas = new ArrayList<JsonObject>();
        deltas.add(new JsonObject().put("role", "assistant").put("content", null));
        if (reply.thought != null) {
            pieces(reply.thought).forEach(piece -> deltas.add(new JsonObject().put("reasoning_content", piece)));
        }
        pieces(reply.text).forEach(piece -> deltas.add(new JsonObject().put("content", piece)));
        for (int i = 0; i < reply.calls.size(); i++) {
            deltas.add(calling(call(reply, i, "").put("index", i)));
            for (String piece : pieces(reply.calls.get(i).arguments().encode())) {
                deltas.add(calling(
                        new JsonObject().put("index", i).put("function", new JsonObject().put("arguments", piece))));
            }
        }
        return deltas;
    }

    private static JsonObject calling(JsonObject call) {
        return new JsonObject().put("tool_calls", new JsonArray().add(call));
    }

    private static List<String> pieces(String text) {
        var pieces = new ArrayList<String>();
        for (int i = 0; i < text.length(); i += 5) {
            pieces.add(text.substring(i, Math.min(text.length(), i + 5)));
        }
        return pieces;
    }

    /** Plain numbers, whatever encoding was asked for: many servers know no other. */
    private static String embeddings(JsonObject body) {
        var inputs = body.getValue("input") instanceof JsonArray many ? many : JsonArray.of(body.getValue("input"));
        var data = new JsonArray();
        for (int i = 0; i < inputs.size(); i++) {
            var vector = new JsonArray();
            for (int number : VECTOR) {
                vector.add(number / 4.0);
            }
            data.add(new JsonObject().put("object", "embedding").put("index", i).put("embedding", vector));
        }
        return new JsonObject()
                .put("object", "list")
                .put("model", body.getString("model"))
                .put("data", data)
                .put("usage", new JsonObject().put("prompt_tokens", 4).put("total_tokens", 4))
                .encode();
    }
}
