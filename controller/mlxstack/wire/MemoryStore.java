package mlxstack.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds the answers that were used last. What an answer went on from stays with it, even when it can no longer be asked
 * for itself; it is counted once however many went on from it. Confined to the thread of who holds it.
 */
public final class MemoryStore implements ResponseStore {

    private static final long OVERHEAD = 256;

    private final int mostAnswers;
    private final long mostBytes;
    private final Map<String, Entry> byId = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    private static final class Entry {

        final Kept kept;
        final @Nullable Entry previous;
        final long size;
        int uses;

        Entry(Kept kept, @Nullable Entry previous) {
            this.kept = kept;
            this.previous = previous;
            this.size = OVERHEAD + kept.input().length() + kept.response().length();
        }
    }

    /**
     * @param mostAnswers that can be asked for
     * @param mostBytes of all of them; a conversation longer than a quarter of it is not kept
     */
    public MemoryStore(int mostAnswers, long mostBytes) {
        this.mostAnswers = mostAnswers;
        this.mostBytes = mostBytes;
    }

    /** What it went on from may be gone by now: half a conversation is not kept. */
    @Override
    public void keep(Kept answer) {
        var previous = answer.previous() == null ? null : mine(answer.owner(), answer.previous());
        var entry = new Entry(answer, previous);
        boolean half = answer.previous() != null && previous == null;
        if (half || length(entry) > mostBytes / 4) {
            return;
        }
        var replaced = byId.put(answer.id(), entry);
        use(entry);
        if (replaced != null) {
            leave(replaced);
        }
        var eldest = byId.values().iterator();
        while ((byId.size() > mostAnswers || bytes > mostBytes) && eldest.hasNext()) {
            var gone = eldest.next();
            eldest.remove();
            leave(gone);
        }
    }

    /** Of all that it stands on. */
    private static long length(Entry last) {
        long length = 0;
        for (Entry entry = last; entry != null; entry = entry.previous) {
            length += entry.size;
        }
        return length;
    }

    private void use(Entry entry) {
        if (entry.uses++ == 0) {
            bytes += entry.size;
            if (entry.previous != null) {
                use(entry.previous);
            }
        }
    }

    private void leave(Entry last) {
        for (Entry entry = last; entry != null && --entry.uses == 0; entry = entry.previous) {
            bytes -= entry.size;
        }
    }

    private @Nullable Entry mine(String owner, String id) {
        var entry = byId.get(id);
        return entry != null && entry.kept.owner().equals(owner) ? entry : null;
    }

    @Override
    public @Nullable Kept find(String owner, String id) {
        var entry = mine(owner, id);
        return entry == null ? null : entry.kept;
    }

    @Override
    public List<Kept> history(String owner, String id) {
        var history = new ArrayList<Kept>();
        for (Entry entry = mine(owner, id); entry != null; entry = entry.previous) {
            history.add(entry.kept);
        }
        return history.reversed();
    }

    @Override
    public boolean delete(String owner, String id) {
        var entry = mine(owner, id);
        if (entry == null) {
            return false;
        }
        byId.remove(id);
        leave(entry);
        return true;
    }

    /** Of all answers held, those that can no longer be asked for included. */
    public long bytes() {
        return bytes;
    }
}
