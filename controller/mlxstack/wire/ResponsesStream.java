package mlxstack.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A chat's stream as one of Responses: text and reasoning are items that end where the other begins or a call does; calls
 * are open until the end, so that arguments may come in turns, and end in their order. Confined to the thread of its
 * stream.
 */
final class ResponsesStream {

    private final ResponsesAnswer answer;
    private final ResponsesTools tools;
    private final String id;
    private final ResponsesEvents events = new ResponsesEvents();
    private final List<ResponsesItem> items = new ArrayList<>();
    private final Map<Integer, ResponsesItem.Call> calls = new HashMap<>();
    /** By place, as the backend names them; to tell a new call from the rest of an old one. */
    private final Map<Integer, String> callIds = new HashMap<>();

    /** What text goes to; null when the next text begins an item. */
    private @Nullable ResponsesItem open;

    /** Nothing but blanks so far, which many models put before a call. */
    private final StringBuilder blanks = new StringBuilder();

    private boolean begun;
    private @Nullable String reason;
    private @Nullable Usage usage;

    ResponsesStream(ResponsesAnswer answer, ResponsesTools tools, String id) {
        this.answer = answer;
        this.tools = tools;
        this.id = id;
    }

    /** @param chunk of a stream, or a whole answer of the same shape but for {@code message} */
    void chunk(ObjectNode chunk) throws BadAnswer {
        begin();
        if (Json.has(chunk, "error")) {
            throw new BadAnswer(ErrorText.of(chunk.path("error")));
        }
        var counted = Usages.of(Dialect.CHAT, chunk.get("usage"));
        usage = counted == null ? usage : counted;
        for (JsonNode choice : Json.items(chunk, "choices")) {
            if (Json.number(choice, "index", 0) == 0) {
                delta(choice.path(choice.has("message") ? "message" : "delta"));
                ended(Json.text(choice, "finish_reason", ""));
            }
        }
    }

    private void begin() {
        if (!begun) {
            begun = true;
            var response = Json.object();
            response.set("response", answer.of(ResponsesItem.IN_PROGRESS, Json.array(), null));
            events.event("response.created", response);
            events.event("response.in_progress", response);
        }
    }

    private void delta(JsonNode delta) {
        String thought = Json.text(delta, "reasoning_content", Json.text(delta, "reasoning", ""));
        if (!thought.isEmpty()) {
            said(thought, true);
        }
        String text = ResponsesContent.answerText(delta.path("content"));
        said(text.isEmpty() ? Json.text(delta, "refusal", "") : text, false);
        int position = 0;
        for (JsonNode call : Json.items(delta, "tool_calls")) {
            call(call, position++);
        }
    }

    private void said(String text, boolean thought) {
        if (text.isEmpty()) {
            return;
        }
        boolean fits = thought ? open instanceof ResponsesItem.Reasoning : open instanceof ResponsesItem.Message;
        if (!fits) {
            if (text.isBlank()) {
                blanks.append(text);
                return;
            }
            closeText();
            open = thought
                    ? add(new ResponsesItem.Reasoning(name("rs_"), items.size()))
                    : add(new ResponsesItem.Message(name("msg_"), items.size()));
        }
        if (open != null) {
            open.add(blanks.isEmpty() ? text : blanks + text, events);
            blanks.setLength(0);
        }
    }

    private void call(JsonNode piece, int position) {
        int place = Math.toIntExact(Json.number(piece, "index", position));
        var function = piece.path("function");
        String callId = Json.text(piece, "id", "");
        String flat = Json.text(function, "name", "");
        boolean another = !callId.isEmpty() && !flat.isEmpty() && !callId.equals(callIds.get(place));
        var call = calls.get(place);
        if (call == null || (another && callIds.containsKey(place))) {
            closeText();
            blanks.setLength(0);
            String known = callId.isEmpty() ? name("call_") : callId;
            call = add(new ResponsesItem.Call(name("fc_"), items.size(), known, tools.of(flat)));
            calls.put(place, call);
            callIds.put(place, known);
        }
        var given = function.path("arguments");
        String arguments = given.isObject() ? Json.text(given) : given.stringValue("");
        if (!arguments.isEmpty()) {
            call.add(arguments, events);
        }
    }

    private <T extends ResponsesItem> T add(T item) {
        items.add(item);
        item.open(events);
        return item;
    }

    private String name(String kind) {
        return kind + id + "_" + items.size();
    }

    private void closeText() {
        if (open != null) {
            open.close(ResponsesItem.COMPLETED, events);
            open = null;
        }
    }

    private void ended(String finish) {
        switch (finish) {
            case "length" -> reason = "max_output_tokens";
            case "content_filter" -> reason = "content_filter";
            default -> {}
        }
    }

    /** Closes what is open and says how it ended. */
    ObjectNode end() {
        begin();
        String status = reason == null ? ResponsesItem.COMPLETED : "incomplete";
        var output = closed(status);
        var response = answer.of(status, output, usage);
        if (reason != null) {
            ResponsesAnswer.incomplete(response, reason);
        }
        events.event("response." + status, Json.object().set("response", response));
        return response;
    }

    /** The last item is the one that was cut short. */
    private ArrayNode closed(String status) {
        var output = Json.array();
        for (ResponsesItem item : items) {
            String its = item == items.getLast() ? status : ResponsesItem.COMPLETED;
            item.close(its, events);
            output.add(item.whole(its));
        }
        return output;
    }

    /**
     * What there is comes to no end. The error is said twice: OpenAI's libraries know the one event, Codex the other.
     */
    void failed(ApiError error) {
        begin();
        events.event("error", error.responsesError());
        var output = Json.array();
        for (ResponsesItem item : items) {
            output.add(item.whole("incomplete"));
        }
        var response = ResponsesAnswer.failed(answer.of("failed", output, usage), error);
        events.event("response.failed", Json.object().set("response", response));
    }

    byte[] take() {
        return events.take();
    }
}
