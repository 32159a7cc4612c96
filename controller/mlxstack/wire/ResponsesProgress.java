package mlxstack.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Of a stream of Responses; also of one without {@code event:} lines, which some servers leave out. */
final class ResponsesProgress extends StreamProgress {

    private @Nullable Usage usage;

    @Override
    public void seen(Frame frame) {
        String data = frame.data();
        String event = frame.event();
        if (data.isEmpty() || (hasContent() && event != null && event.endsWith(".delta"))) {
            return;
        }
        var json = json(data);
        if (json == null) {
            if ("error".equals(event)) {
                failed(ErrorText.shortened(data));
            }
            return;
        }
        String type = Json.text(json, "type", event == null ? "" : event);
        var response = json.path("response");
        switch (type) {
            case "response.output_item.added" ->
                content(Json.text(json.path("item"), "type", "").endsWith("_call"));
            case "response.completed", "response.incomplete" -> {
                counted(response);
                complete();
            }
            case "response.failed", "response.cancelled" -> {
                counted(response);
                String why = Json.has(response, "error") ? ErrorText.of(response.path("error")) : null;
                failed(why == null ? "the endpoint ended its answer with " + type : why);
            }
            case "error" -> {
                String why = ErrorText.in(json);
                failed(why == null ? ErrorText.shortened(data) : why);
            }
            default -> content(type.endsWith(".delta") && filled(json, "delta"));
        }
    }

    private void counted(JsonNode response) {
        usage = Usages.of(Dialect.RESPONSES, response.get("usage"));
    }

    @Override
    public @Nullable Usage usage() {
        return usage;
    }
}
