package mlxstack.api;

import tools.jackson.databind.node.ObjectNode;

/** An answer that is an error, as Kubernetes words it. */
record Refusal(int code, String reason, String message, ObjectNode details) {

    static Refusal badRequest(String message) {
        return new Refusal(400, "BadRequest", message, Json.object());
    }

    static Refusal unknownPath() {
        return new Refusal(404, "NotFound", "the server could not find the requested resource", Json.object());
    }

    /** @param qualified as in {@code processes.mlxstack.dev} */
    static Refusal notFound(String qualified, String name) {
        int dot = qualified.indexOf('.');
        var details = Json.object().put("name", name);
        if (dot > 0) {
            details.put("group", qualified.substring(dot + 1));
        }
        details.put("kind", dot > 0 ? qualified.substring(0, dot) : qualified);
        return new Refusal(404, "NotFound", qualified + " \"" + name + "\" not found", details);
    }

    static Refusal method(String method) {
        return new Refusal(
                405,
                "MethodNotAllowed",
                "the server does not allow " + method + " on the requested resource; change the stack file instead",
                Json.object());
    }

    static Refusal expired(long asked, long oldest) {
        return new Refusal(410, "Expired", "too old resource version: %d (%d)".formatted(asked, oldest), Json.object());
    }

    static Refusal unavailable(String message) {
        return new Refusal(503, "ServiceUnavailable", message, Json.object().put("retryAfterSeconds", 1));
    }

    static Refusal internal(String message) {
        return new Refusal(500, "InternalError", message, Json.object());
    }

    ObjectNode json() {
        var status = Json.object();
        status.put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Failure").put("message", message).put("reason", reason);
        if (!details.isEmpty()) {
            status.set("details", details);
        }
        return status.put("code", code);
    }

    void answer(Exchange exchange) {
        exchange.answer(code, json());
    }
}
