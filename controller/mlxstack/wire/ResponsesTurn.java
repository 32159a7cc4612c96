package mlxstack.wire;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One turn of the assistant, and the outputs of what it called, which follow it. Confined to one thread. */
final class ResponsesTurn implements ResponsesHistory.Said {

    /** Servers of chat want each call answered. */
    private static final String NO_OUTPUT = "(no output)";

    final StringBuilder thought = new StringBuilder();
    final StringBuilder text = new StringBuilder();
    /** Of the outputs: what is not text, which only users may send. */
    final ArrayNode media = Json.array();

    private final ArrayNode calls = Json.array();
    private final Set<String> unanswered = new LinkedHashSet<>();
    private final List<ObjectNode> outputs = new ArrayList<>();

    void called(String id, String name, String arguments) {
        unanswered.add(id);
        calls.addObject()
                .put("id", id)
                .put("type", "function")
                .putObject("function")
                .put("name", name)
                .put("arguments", arguments);
    }

    void answered(String id, String output) {
        unanswered.remove(id);
        outputs.add(output(id, output));
    }

    boolean hasCalls() {
        return !calls.isEmpty();
    }

    /** Whether what the assistant says next is another turn. */
    boolean isOver() {
        return hasCalls() && unanswered.isEmpty();
    }

    void put(ArrayNode messages) {
        var assistant = messages.addObject().put("role", "assistant");
        if (text.isEmpty()) {
            assistant.putNull("content");
        } else {
            assistant.put("content", text.toString());
        }
        if (!thought.isEmpty()) {
            assistant.put("reasoning_content", thought.toString());
        }
        if (hasCalls()) {
            assistant.set("tool_calls", calls);
        }
        messages.addAll(outputs);
        for (String id : unanswered) {
            messages.add(output(id, NO_OUTPUT));
        }
        if (!media.isEmpty()) {
            messages.addObject().put("role", "user").set("content", media);
        }
    }

    private static ObjectNode output(String id, String content) {
        return Json.object().put("role", "tool").put("tool_call_id", id).put("content", content);
    }
}
