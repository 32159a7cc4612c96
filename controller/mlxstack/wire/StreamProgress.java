package mlxstack.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the three kinds of stream have in common. Confined to the thread that reads the stream. */
abstract class StreamProgress implements Progress {

    private boolean content;
    private boolean complete;
    private @Nullable String error;

    /**
     * Whether the data may have this field with something in it. Quotes within JSON strings are escaped, so that no text
     * of a model is taken for it.
     *
     * @param field with its quotes
     */
    static boolean mayHave(String data, String field) {
        for (int at = data.indexOf(field); at >= 0; at = data.indexOf(field, at)) {
            at += field.length();
            int colon = after(data, at);
            if (colon >= data.length() || data.charAt(colon) != ':') {
                return true;
            }
            if (!data.startsWith("null", after(data, colon + 1))) {
                return true;
            }
        }
        return false;
    }

    private static int after(String data, int spaces) {
        int at = spaces;
        while (at < data.length() && data.charAt(at) == ' ') {
            at++;
        }
        return at;
    }

    /** Null when it is not JSON, which tells of nothing. */
    static @Nullable JsonNode json(String data) {
        return Json.parsed(data);
    }

    static boolean filled(JsonNode node, String field) {
        var value = node.get(field);
        return value != null && (value.isString() ? !value.stringValue().isEmpty() : !value.isEmpty());
    }

    final void content(boolean came) {
        content |= came;
    }

    final void complete() {
        complete = true;
    }

    /** The first one counts: what follows is mostly about its consequences. */
    final void failed(String why) {
        if (error == null) {
            error = why;
        }
    }

    @Override
    public final boolean hasContent() {
        return content;
    }

    @Override
    public final boolean isComplete() {
        return complete;
    }

    @Override
    public final @Nullable String error() {
        return error;
    }
}
