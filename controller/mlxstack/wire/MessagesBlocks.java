package mlxstack.wire;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * The content blocks of a stream of Messages. These come one after the other, each closed before the next, where chat
 * mixes the pieces of parallel calls: the first block that is open is sent as it comes, the ones behind it wait until it
 * is whole. Confined to one translation.
 */
final class MessagesBlocks {

    private final SseWriter out;
    private final Thinking thinking;
    private final String id;
    private final ArrayDeque<Block> open = new ArrayDeque<>();
    private final Map<Integer, Block> calls = new HashMap<>();
    private int index;

    /** @param id makes the names of calls that the backend gave none */
    MessagesBlocks(SseWriter out, Thinking thinking, String id) {
        this.out = out;
        this.thinking = thinking;
        this.id = id;
    }

    private enum Kind {
        TEXT,
        THINKING,
        CALL
    }

    private static final class Block {
        final Kind kind;
        final JsonEnd end = new JsonEnd();
        /** What has not been sent. */
        final StringBuilder waiting = new StringBuilder();
        /** What was thought, for the signature. */
        final StringBuilder thought = new StringBuilder();

        @Nullable
        String id;

        @Nullable
        String name;

        boolean begun;

        Block(Kind kind) {
            this.kind = kind;
        }

        /** Blank text may be all there is between two calls, and Anthropic takes none; a call shows its name at once. */
        boolean canBegin() {
            return switch (kind) {
                case TEXT -> !waiting.toString().isBlank();
                case THINKING -> !waiting.isEmpty();
                case CALL -> id != null && name != null;
            };
        }

        boolean isWhole() {
            return kind != Kind.CALL || (begun && end.isWhole());
        }
    }

    void text(String piece) {
        last(Kind.TEXT).waiting.append(piece);
        advance();
    }

    void thinking(String piece) {
        if (!thinking.shown()) {
            return;
        }
        var block = last(Kind.THINKING);
        block.waiting.append(piece);
        block.thought.append(piece);
        advance();
    }

    /** @param key which of the parallel calls */
    void call(int key, @Nullable String callId, @Nullable String name, String arguments) {
        var block = calls.computeIfAbsent(key, _ -> added(Kind.CALL));
        if (block.id == null && callId != null && !callId.isEmpty()) {
            block.id = callId;
        }
        if (block.name == null && name != null && !name.isEmpty()) {
            block.name = name;
        }
        block.waiting.append(arguments);
        block.end.seen(arguments);
        advance();
    }

    boolean hasCalls() {
        return !calls.isEmpty();
    }

    private Block last(Kind kind) {
        var last = open.peekLast();
        return last != null && last.kind == kind ? last : added(kind);
    }

    private Block added(Kind kind) {
        var block = new Block(kind);
        open.addLast(block);
        return block;
    }

    private void advance() {
        for (var first = open.peekFirst(); first != null; first = open.peekFirst()) {
            if (first.begun || first.canBegin()) {
                send(first);
            }
            if (open.size() == 1 || !first.isWhole()) {
                return;
            }
            open.removeFirst();
            close(first);
        }
    }

    /** The answer is whole, and so is what was held back. */
    void finish() {
        for (var block = open.pollFirst(); block != null; block = open.pollFirst()) {
            if (block.kind == Kind.CALL && !block.begun) {
                block.id = block.id == null ? "toolu_" + id + "_" + index : block.id;
                block.name = block.name == null ? "" : block.name;
            }
            if (block.begun || block.canBegin()) {
                send(block);
            }
            close(block);
        }
    }

    private void send(Block block) {
        if (!block.begun) {
            block.begun = true;
            begin(block);
        }
        if (block.waiting.isEmpty()) {
            return;
        }
        String piece = block.waiting.toString();
        block.waiting.setLength(0);
        switch (block.kind) {
            case TEXT -> delta("text_delta", "text", piece);
            case CALL -> delta("input_json_delta", "partial_json", piece);
            case THINKING -> {
                if (!thinking.omitted()) {
                    delta("thinking_delta", "thinking", piece);
                }
            }
        }
    }

    private void begin(Block block) {
        var event = Json.object().put("type", "content_block_start").put("index", index);
        var content = event.putObject("content_block");
        switch (block.kind) {
            case TEXT -> content.put("type", "text").put("text", "");
            case THINKING -> content.put("type", "thinking").put("thinking", "").put("signature", "");
            case CALL ->
                content.put("type", "tool_use")
                        .put("id", block.id)
                        .put("name", block.name)
                        .putObject("input");
        }
        out.event("content_block_start", event);
    }

    /** One for each token: written without a tree. */
    private void delta(String type, String field, String piece) {
        out.piece(
                "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":" + index
                        + ",\"delta\":{\"type\":\"" + type + "\",\"" + field + "\":\"",
                JsonStringEncoder.getInstance().quoteAsUTF8(piece),
                "\"}}\n\n");
    }

    private void close(Block block) {
        if (!block.begun) {
            return;
        }
        if (block.kind == Kind.THINKING) {
            delta("signature_delta", "signature", thinking.signature(block.thought));
        }
        out.event(
                "content_block_stop",
                Json.object().put("type", "content_block_stop").put("index", index));
        index++;
    }
}
