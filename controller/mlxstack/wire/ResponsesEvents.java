package mlxstack.wire;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The events of one Responses stream, numbered in order, until they are taken. Confined to the thread of its stream. */
final class ResponsesEvents {

    private static final byte[] NOTHING = {};

    private final StringBuilder out = new StringBuilder(512);
    private int number;

    /** @param data what the event says beside its type and number */
    void event(String type, ObjectNode data) {
        var whole = Json.object().put("type", type).put("sequence_number", number++);
        whole.setAll(data);
        out.append("event: ")
                .append(type)
                .append("\ndata: ")
                .append(Json.text(whole))
                .append("\n\n");
    }

    /** About one item as a whole. */
    void item(String type, int index, JsonNode item) {
        var data = Json.object().put("output_index", index);
        data.set("item", item);
        event(type, data);
    }

    /**
     * About a part of an item.
     *
     * @param position the part's place as the start of JSON fields, such as {@code "content_index":0,}; may be empty
     */
    ObjectNode place(ResponsesItem item, String position) {
        var place = Json.object().put("item_id", item.id()).put("output_index", item.index());
        return position.isEmpty() ? place : place.put(position, 0);
    }

    /** A piece of the answer: the one event that comes for each token, so without a tree. */
    void delta(String type, ResponsesItem item, String position, String delta) {
        out.append("event: ").append(type).append("\ndata: {\"type\":\"").append(type);
        out.append("\",\"sequence_number\":").append(number++);
        out.append(",\"item_id\":\"").append(item.id());
        out.append("\",\"output_index\":").append(item.index());
        if (!position.isEmpty()) {
            out.append(",\"").append(position).append("\":0");
        }
        out.append(",\"delta\":\"");
        JsonStringEncoder.getInstance().quoteAsString(delta, out);
        out.append('"')
                .append(position.equals("content_index") ? ",\"logprobs\":[]" : "")
                .append("}\n\n");
    }

    /** What came since the last time. */
    byte[] take() {
        if (out.isEmpty()) {
            return NOTHING;
        }
        byte[] taken = out.toString().getBytes(StandardCharsets.UTF_8);
        out.setLength(0);
        return taken;
    }
}
