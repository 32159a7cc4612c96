package mlxstack.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events out of bytes, however these are cut: lines end with CR, LF or both, a character may come in two
 * chunks. Comments are frames without data, given at once: they are a sign of life. One a stream; confined to the thread
 * that reads it.
 */
public final class SseReader {

    /** Bytes of one frame; a {@code response.completed} holds the whole answer. */
    public static final int LIMIT = 16 << 20;

    private static final Frame COMMENT = new Frame(null, "");
    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};

    private final int limit;
    /** The beginning of a line whose end has not come. */
    private byte[] held = new byte[256];

    private int heldLength;
    private boolean first = true;
    private boolean skipLineFeed;
    private @Nullable String event;
    private @Nullable String data;
    /** Takes over from {@code data} with a frame's second line. */
    private @Nullable StringBuilder lines;

    private long size;

    public SseReader() {
        this(LIMIT);
    }

    /** @param limit bytes of one frame; more is the backend's failure */
    public SseReader(int limit) {
        this.limit = limit;
    }

    /** Takes frames as they become whole. */
    @FunctionalInterface
    public interface Sink {
        void accept(Frame frame) throws BadAnswer;
    }

    /** @throws BadAnswer of {@code to}, or for a frame beyond the limit; nothing may be read after it */
    public void read(byte[] bytes, int offset, int length, Sink to) throws BadAnswer {
        int end = offset + length;
        int start = offset;
        if (skipLineFeed && length > 0) {
            skipLineFeed = false;
            start += bytes[start] == '\n' ? 1 : 0;
        }
        for (int i = start; i < end; i++) {
            byte b = bytes[i];
            if (b != '\n' && b != '\r') {
                continue;
            }
            if (heldLength == 0) {
                line(bytes, start, i, to);
            } else {
                hold(bytes, start, i);
                int whole = heldLength;
                heldLength = 0;
                line(held, 0, whole, to);
            }
            if (b == '\r') {
                if (i + 1 == end) {
                    skipLineFeed = true;
                } else if (bytes[i + 1] == '\n') {
                    i++;
                }
            }
            start = i + 1;
        }
        hold(bytes, start, end);
    }

    /**
     * The stream has ended. A last frame whose blank line is missing counts when its own lines are whole; half a line
     * does not.
     */
    public void end(Sink to) throws BadAnswer {
        heldLength = 0;
        dispatch(to);
    }

    /** Whether nothing of a frame is pending: another one may be written behind what was read. */
    public boolean isBetweenFrames() {
        return heldLength == 0 && event == null && data == null;
    }

    private void hold(byte[] bytes, int from, int to) throws BadAnswer {
        int more = to - from;
        if (more == 0) {
            return;
        }
        within(size + heldLength + more);
        if (heldLength + more > held.length) {
            held = Arrays.copyOf(held, Math.max(heldLength + more, held.length * 2));
        }
        System.arraycopy(bytes, from, held, heldLength, more);
        heldLength += more;
    }

    private void line(byte[] bytes, int start, int end, Sink to) throws BadAnswer {
        int from = start;
        if (first) {
            first = false;
            boolean mark = end - from >= 3
                    && bytes[from] == (byte) 0xEF
                    && bytes[from + 1] == (byte) 0xBB
                    && bytes[from + 2] == (byte) 0xBF;
            from += mark ? 3 : 0;
        }
        if (from == end) {
            dispatch(to);
        } else if (bytes[from] == ':') {
            to.accept(COMMENT);
        } else if (is(DATA, bytes, from, end)) {
            size += end - from;
            within(size);
            add(value(DATA, bytes, from, end));
        } else if (is(EVENT, bytes, from, end)) {
            event = value(EVENT, bytes, from, end);
        }
    }

    private void within(long bytes) throws BadAnswer {
        if (bytes > limit) {
            throw new BadAnswer("the endpoint sent an event of more than %d bytes".formatted(limit));
        }
    }

    private static boolean is(byte[] field, byte[] bytes, int from, int end) {
        int after = from + field.length;
        return after <= end
                && Arrays.equals(field, 0, field.length, bytes, from, after)
                && (after == end || bytes[after] == ':');
    }

    private static String value(byte[] field, byte[] bytes, int from, int end) {
        int at = Math.min(end, from + field.length + 1);
        at += at < end && bytes[at] == ' ' ? 1 : 0;
        return new String(bytes, at, end - at, StandardCharsets.UTF_8);
    }

    private void add(String line) {
        if (data == null) {
            data = line;
            return;
        }
        if (lines == null) {
            lines = new StringBuilder(data);
        }
        lines.append('\n').append(line);
    }

    private void dispatch(Sink to) throws BadAnswer {
        var name = event;
        var whole = lines != null ? lines.toString() : data;
        event = null;
        data = null;
        lines = null;
        size = 0;
        if (whole != null) {
            to.accept(new Frame(name == null || name.isEmpty() ? null : name, whole));
        }
    }
}
