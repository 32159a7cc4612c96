package mlxstack.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Keeps from a client the last chunk of a chat stream that holds nothing but the tokens, which we asked the backend for
 * and the client did not. What is not a whole event yet is held back until it is. One a stream; confined to the thread
 * that reads it.
 */
public final class UsageChunk {

    private static final byte[] NOTHING = {};
    private static final byte[] CHOICES = {'"', 'c', 'h', 'o', 'i', 'c', 'e', 's', '"'};
    private static final byte[] USAGE = {'"', 'u', 's', 'a', 'g', 'e', '"'};

    private byte[] held = NOTHING;

    /**
     * What the client is sent of this piece: the very same array when it is whole events and none is dropped.
     *
     * @param bytes the stream's next piece, cut anywhere
     */
    public byte[] kept(byte[] bytes) {
        byte[] all = held.length == 0 ? bytes : joined(held, bytes);
        int whole = 0;
        int from = 0;
        ByteArrayOutputStream out = null;
        for (int end = endOfEvent(all, 0); end >= 0; end = endOfEvent(all, end)) {
            if (isUsageOnly(all, whole, end)) {
                if (out == null) {
                    out = new ByteArrayOutputStream(all.length);
                }
                out.write(all, from, whole - from);
                from = end;
            }
            whole = end;
        }
        held = whole == all.length ? NOTHING : Arrays.copyOfRange(all, whole, all.length);
        if (out != null) {
            out.write(all, from, whole - from);
            return out.toByteArray();
        }
        return whole == all.length ? all : Arrays.copyOf(all, whole);
    }

    /** What is left at the end of the stream; half an event is passed on as it came. */
    public byte[] rest() {
        byte[] rest = held;
        held = NOTHING;
        return isUsageOnly(rest, 0, rest.length) ? NOTHING : rest;
    }

    /** Whether a chunk tells of the tokens and has no piece of the answer. */
    public static boolean isUsageOnly(Frame frame) {
        String data = frame.data();
        if (!data.contains("\"usage\"") || !data.contains("\"choices\"")) {
            return false;
        }
        byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
        return isUsageOnly(bytes, 0, bytes.length);
    }

    /** Quotes within JSON strings are escaped: no text of a model is taken for a field. */
    private static boolean isUsageOnly(byte[] bytes, int start, int end) {
        int choices = find(CHOICES, bytes, start, end);
        if (choices < 0) {
            return false;
        }
        int at = after(bytes, choices, end, ':');
        at = at < 0 ? -1 : after(bytes, at, end, '[');
        at = at < 0 ? -1 : after(bytes, at, end, ']');
        if (at < 0) {
            return false;
        }
        int usage = find(USAGE, bytes, start, end);
        usage = usage < 0 ? -1 : after(bytes, usage, end, ':');
        return usage >= 0 && after(bytes, usage, end, '{') >= 0;
    }

    /** Index after the sign, which only blanks come before; -1 when something else does. */
    private static int after(byte[] bytes, int start, int end, char sign) {
        int at = start;
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
        return at < end && bytes[at] == sign ? at + 1 : -1;
    }

    /** Index after the first occurrence; -1 when there is none. */
    private static int find(byte[] what, byte[] bytes, int start, int end) {
        for (int i = start; i <= end - what.length; i++) {
            if (bytes[i] == what[0] && Arrays.equals(bytes, i, i + what.length, what, 0, what.length)) {
                return i + what.length;
            }
        }
        return -1;
    }

    /** Index after the blank line that ends the event; -1 when it has not come. */
    private static int endOfEvent(byte[] bytes, int start) {
        for (int i = start; i < bytes.length; i++) {
            if (bytes[i] != '\n') {
                continue;
            }
            int next = i + 1 < bytes.length && bytes[i + 1] == '\r' ? i + 2 : i + 1;
            if (next < bytes.length && bytes[next] == '\n') {
                return next + 1;
            }
        }
        return -1;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
