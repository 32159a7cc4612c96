package mlxstack.wire;

import tools.jackson.databind.node.ObjectNode;

/**
 * One item of the answer while it comes: made when its first piece is there, which it says, and closed once. Confined to
 * the thread of its stream.
 */
abstract sealed class ResponsesItem {

    static final String IN_PROGRESS = "in_progress";
    static final String COMPLETED = "completed";

    private final String id;
    private final int index;
    private boolean closed;
    final StringBuilder text = new StringBuilder();

    /** @param index of the item in the answer's output */
    ResponsesItem(String id, int index) {
        this.id = id;
        this.index = index;
    }

    final String id() {
        return id;
    }

    final int index() {
        return index;
    }

    abstract void open(ResponsesEvents to);

    abstract void add(String piece, ResponsesEvents to);

    /** @param status {@code completed} or {@code incomplete} */
    final void close(String status, ResponsesEvents to) {
        if (!closed) {
            closed = true;
            finish(status, to);
            to.item("response.output_item.done", index, whole(status));
        }
    }

    abstract void finish(String status, ResponsesEvents to);

    /** As it stands in the answer. */
    abstract ObjectNode whole(String status);

    final ObjectNode named(String type) {
        return Json.object().put("id", id).put("type", type);
    }

    /** What the model thought, as a summary, which is what clients show. */
    static final class Reasoning extends ResponsesItem {

        private static final String AT = "summary_index";

        Reasoning(String id, int index) {
            super(id, index);
        }

        @Override
        void open(ResponsesEvents to) {
            var item = named("reasoning");
            item.putArray("summary");
            to.item("response.output_item.added", index(), item);
            to.event("response.reasoning_summary_part.added", to.place(this, AT).set("part", part("")));
        }

        @Override
        void add(String piece, ResponsesEvents to) {
            text.append(piece);
            to.delta("response.reasoning_summary_text.delta", this, AT, piece);
        }

        @Override
        void finish(String status, ResponsesEvents to) {
            to.event("response.reasoning_summary_text.done", to.place(this, AT).put("text", text.toString()));
            to.event("response.reasoning_summary_part.done", to.place(this, AT).set("part", part(text.toString())));
        }

        @Override
        ObjectNode whole(String status) {
            var item = named("reasoning");
            item.putArray("summary").add(part(text.toString()));
            return item;
        }

        private static ObjectNode part(String text) {
            return Json.object().put("type", "summary_text").put("text", text);
        }
    }

    /** What the model says. */
    static final class Message extends ResponsesItem {

        private static final String AT = "content_index";

        Message(String id, int index) {
            super(id, index);
        }

        @Override
        void open(ResponsesEvents to) {
            to.item("response.output_item.added", index(), message(IN_PROGRESS));
            to.event("response.content_part.added", to.place(this, AT).set("part", part("")));
        }

        @Override
        void add(String piece, ResponsesEvents to) {
            text.append(piece);
            to.delta("response.output_text.delta", this, AT, piece);
        }

        @Override
        void finish(String status, ResponsesEvents to) {
            var done = to.place(this, AT).put("text", text.toString());
            done.putArray("logprobs");
            to.event("response.output_text.done", done);
            to.event("response.content_part.done", to.place(this, AT).set("part", part(text.toString())));
        }

        @Override
        ObjectNode whole(String status) {
            var item = message(status);
            item.withArray("content").add(part(text.toString()));
            return item;
        }

        private ObjectNode message(String status) {
            var item = named("message").put("status", status).put("role", "assistant");
            item.putArray("content");
            return item;
        }

        private static ObjectNode part(String text) {
            var part = Json.object().put("type", "output_text").put("text", text);
            part.putArray("annotations");
            part.putArray("logprobs");
            return part;
        }
    }

    /** A call of one of the client's tools. */
    static final class Call extends ResponsesItem {

        private final String callId;
        private final ResponsesTools.Tool tool;

        Call(String id, int index, String callId, ResponsesTools.Tool tool) {
            super(id, index);
            this.callId = callId;
            this.tool = tool;
        }

        @Override
        void open(ResponsesEvents to) {
            to.item("response.output_item.added", index(), call(IN_PROGRESS, ""));
        }

        /** Free text stands within JSON, which is read when it is whole. */
        @Override
        void add(String piece, ResponsesEvents to) {
            text.append(piece);
            if (!tool.isText()) {
                to.delta("response.function_call_arguments.delta", this, "", piece);
            }
        }

        @Override
        void finish(String status, ResponsesEvents to) {
            if (tool.isText()) {
                String input = ResponsesTools.input(text.toString());
                to.delta("response.custom_tool_call_input.delta", this, "", input);
                to.event(
                        "response.custom_tool_call_input.done",
                        to.place(this, "").put("input", input));
            } else {
                to.event(
                        "response.function_call_arguments.done",
                        to.place(this, "").put("name", tool.name()).put("arguments", text.toString()));
            }
        }

        @Override
        ObjectNode whole(String status) {
            return call(status, tool.isText() ? ResponsesTools.input(text.toString()) : text.toString());
        }

        private ObjectNode call(String status, String given) {
            var item = named(tool.isText() ? "custom_tool_call" : "function_call");
            item.put("status", status).put("call_id", callId).put("name", tool.name());
            if (tool.namespace() != null) {
                item.put("namespace", tool.namespace());
            }
            return item.put(tool.isText() ? "input" : "arguments", given);
        }
    }
}
