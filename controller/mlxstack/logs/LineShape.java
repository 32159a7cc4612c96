package mlxstack.logs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Makes what a reader gives out of what it read: whole lines, times before them, gaps told. Confined to a thread. */
final class LineShape {

    private final boolean timestamps;
    private @Nullable LineTimes times;

    /** Whether what comes next belongs to a line whose beginning is not given. */
    private boolean cut;

    private boolean atLineStart = true;

    /** The launch before ended within a line. */
    private boolean finishLine;

    LineShape(boolean timestamps) {
        this.timestamps = timestamps;
    }

    /** What follows is of another launch. */
    void begin(boolean cutAtFirst, LineTimes ofLaunch) {
        cut = cutAtFirst;
        times = ofLaunch;
        finishLine = !atLineStart;
    }

    /**
     * @param end how many bytes of {@code array} were read
     * @param offset of the first of them
     * @param missed how many bytes before them are gone, though they should have been given
     * @param within whether the first of them may be in the middle of a line, which is then left out
     */
    byte[] shape(byte[] array, int end, long offset, long missed, boolean within) throws IOException {
        int from = 0;
        var out = new ByteArrayOutputStream(end + 64);
        if (finishLine || (missed > 0 && !atLineStart)) {
            newLine(out);
        }
        if (missed > 0) {
            stamp(out, offset);
            out.writeBytes(("mlxstack: " + missed
                            + " bytes are missing here: they were given up to keep within maxSize x maxFiles, or"
                            + " because the disk was full\n")
                    .getBytes(StandardCharsets.UTF_8));
            cut = within;
        }
        if (cut) {
            from = behindLine(array, 0, end);
            cut = from < 0;
            if (cut) {
                return out.toByteArray();
            }
        }
        if (timestamps) {
            stampLines(out, array, from, end, offset);
        } else {
            out.write(array, from, end - from);
        }
        if (end > from) {
            atLineStart = array[end - 1] == '\n';
        }
        return out.toByteArray();
    }

    private void newLine(ByteArrayOutputStream out) {
        out.write('\n');
        atLineStart = true;
        finishLine = false;
    }

    private void stampLines(ByteArrayOutputStream out, byte[] array, int from, int end, long offset)
            throws IOException {
        boolean start = atLineStart;
        for (int at = from; at < end; ) {
            if (start) {
                stamp(out, offset + at);
            }
            int next = behindLine(array, at, end);
            int to = next < 0 ? end : next;
            out.write(array, at, to - at);
            start = next >= 0;
            at = to;
        }
    }

    private void stamp(ByteArrayOutputStream out, long offset) throws IOException {
        if (timestamps && times != null) {
            out.writeBytes(times.of(offset).getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** The index behind the next end of a line; -1 where there is none. */
    private static int behindLine(byte[] array, int from, int end) {
        for (int i = from; i < end; i++) {
            if (array[i] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }
}
