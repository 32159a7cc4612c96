package mlxstack.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Gathers server-sent events until they are taken. Confined to the thread of its stream. */
public final class SseWriter {

    private static final byte[] NOTHING = {};
    private static final byte[] EVENT = ascii("event: ");
    private static final byte[] DATA = ascii("data: ");
    private static final byte[] END = ascii("\n\n");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);

    /** The frame as bytes, each line of its data on one of its own; a frame without data is a comment. */
    public static byte[] bytes(Frame frame) {
        var text = new StringBuilder(frame.data().length() + 32);
        if (frame.event() != null) {
            text.append("event: ").append(frame.event()).append('\n');
        }
        if (frame.data().isEmpty()) {
            text.append(":\n");
        } else {
            text.append("data: ").append(frame.data().replace("\n", "\ndata: ")).append('\n');
        }
        return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    /** @param name null for an event without a name, as in OpenAI's chat */
    public void event(@Nullable String name, JsonNode data) {
        if (name != null) {
            out.writeBytes(EVENT);
            out.writeBytes(name.getBytes(StandardCharsets.UTF_8));
            out.write('\n');
        }
        out.writeBytes(DATA);
        Json.write(data, out);
        out.writeBytes(END);
    }

    /** Whole events, of which the middle is ready as bytes. */
    void piece(String before, byte[] middle, String after) {
        out.writeBytes(before.getBytes(StandardCharsets.UTF_8));
        out.writeBytes(middle);
        out.writeBytes(after.getBytes(StandardCharsets.UTF_8));
    }

    /** Text that is one line, such as {@code [DONE]}. */
    public void data(String line) {
        out.writeBytes(DATA);
        out.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        out.writeBytes(END);
    }

    /** What was written since the last time. */
    public byte[] take() {
        if (out.size() == 0) {
            return NOTHING;
        }
        byte[] taken = out.toByteArray();
        out.reset();
        return taken;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
