package mlxstack.gateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import mlxstack.wire.Dialect;
import org.jspecify.annotations.Nullable;

/** What a streamed answer comes to for the client that it is for: the same however it was cut into pieces. */
final class Gist {

    private final List<String> events = new ArrayList<>();
    private final StringBuilder thought = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private final TreeMap<Integer, Call> calls = new TreeMap<>();
    private String finish = "none";

    private record Call(String name, StringBuilder arguments) {}

    private Gist() {}

    static JsonObject of(Dialect dialect, String answer) {
        var gist = new Gist();
        for (String frame : answer.split("\n\n")) {
            for (String line : frame.split("\n")) {
                if (line.startsWith("data: ")) {
                    gist.data(dialect, line.substring("data: ".length()));
                }
            }
        }
        var calls = new JsonArray();
        gist.calls
                .values()
                .forEach(call -> calls.add(new JsonObject()
                        .put("name", call.name)
                        .put("arguments", new JsonObject(call.arguments.toString()))));
        return new JsonObject()
                .put("events", new JsonArray(gist.events))
                .put("thought", gist.thought.toString())
                .put("text", gist.text.toString())
                .put("calls", calls)
                .put("finish", gist.finish);
    }

    private void data(Dialect dialect, String data) {
        if (data.equals("[DONE]")) {
            event(data);
            return;
        }
        var json = new JsonObject(data);
        event(json.getString("type", "chunk"));
        switch (dialect) {
            case CHAT -> chat(json);
            case MESSAGES -> messages(json);
            case RESPONSES -> responses(json);
        }
    }

    /** Several of a kind are one: how many there are is up to the server. */
    private void event(String type) {
        if (events.isEmpty() || !events.getLast().equals(type)) {
            events.add(type);
        }
    }

    private void chat(JsonObject chunk) {
        for (Object each : chunk.getJsonArray("choices")) {
            var choice = (JsonObject) each;
            var delta = choice.getJsonObject("delta");
            add(thought, delta.getString("reasoning_content"));
            add(text, delta.getString("content"));
            for (Object piece : delta.getJsonArray("tool_calls", new JsonArray())) {
                var call = (JsonObject) piece;
                var function = call.getJsonObject("function");
                call(call.getInteger("index"), function.getString("name"), function.getString("arguments"));
            }
            finish = choice.getString("finish_reason") == null ? finish : choice.getString("finish_reason");
        }
    }

    private void messages(JsonObject event) {
        var delta = event.getJsonObject("delta", new JsonObject());
        switch (event.getString("type")) {
            case "content_block_start" -> {
                var block = event.getJsonObject("content_block");
                if ("tool_use".equals(block.getString("type"))) {
                    call(event.getInteger("index"), block.getString("name"), "");
                }
            }
            case "content_block_delta" -> {
                add(thought, delta.getString("thinking"));
                add(text, delta.getString("text"));
                if (delta.containsKey("partial_json")) {
                    call(event.getInteger("index"), null, delta.getString("partial_json"));
                }
            }
            case "message_delta" -> finish = delta.getString("stop_reason");
            default -> {}
        }
    }

    private void responses(JsonObject event) {
        switch (event.getString("type")) {
            case "response.reasoning_summary_text.delta" -> add(thought, event.getString("delta"));
            case "response.output_text.delta" -> add(text, event.getString("delta"));
            case "response.output_item.done" -> {
                var item = event.getJsonObject("item");
                if ("function_call".equals(item.getString("type"))) {
                    call(calls.size(), item.getString("name"), item.getString("arguments"));
                }
            }
            case "response.completed" -> finish = "completed";
            default -> {}
        }
    }

    private static void add(StringBuilder to, @Nullable String piece) {
        if (piece != null) {
            to.append(piece);
        }
    }

    private void call(int index, @Nullable String name, @Nullable String piece) {
        var call = calls.computeIfAbsent(index, _ -> new Call(String.valueOf(name), new StringBuilder()));
        add(call.arguments, piece);
    }
}
