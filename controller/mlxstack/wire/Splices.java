package mlxstack.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Changes of a body that leave all of its other bytes as they are. For one body; confined to one thread. */
public final class Splices {

    private final List<Splice> all = new ArrayList<>(4);

    /**
     * Places do not overlap; what is put at the same place comes in the order in which it was asked for.
     *
     * @param start index of the first byte that goes
     * @param end index after the last; {@code start} when none goes
     */
    public Splices put(int start, int end, String text) {
        all.add(new Splice(start, end, text.getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** The changed body; the first {@code length} bytes of {@code body} count. */
    public byte[] applied(byte[] body, int length) {
        all.sort(Comparator.comparingInt(splice -> splice.start));
        int size = length;
        for (Splice splice : all) {
            size += splice.bytes.length - (splice.end - splice.start);
        }
        byte[] changed = new byte[size];
        int from = 0;
        int to = 0;
        for (Splice splice : all) {
            int kept = splice.start - from;
            System.arraycopy(body, from, changed, to, kept);
            System.arraycopy(splice.bytes, 0, changed, to + kept, splice.bytes.length);
            to += kept + splice.bytes.length;
            from = splice.end;
        }
        System.arraycopy(body, from, changed, to, length - from);
        return changed;
    }

    private static final class Splice {

        final int start;
        final int end;
        final byte[] bytes;

        Splice(int start, int end, byte[] bytes) {
            this.start = start;
            this.end = end;
            this.bytes = bytes;
        }
    }
}
