package mlxstack.store;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import mlxstack.reconcile.Effect.EmitEvent;
import mlxstack.store.EventRecord.Involved;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a storm of events readable, as Kubernetes' clients do: similar ones become one, and no object may say more than
 * a burst at a time. Not thread-safe: {@link Events} guards it.
 */
final class Correlator {

    static final int CACHED = 4_096;
    /** So many messages that differ only in text stand for themselves, within {@link #WINDOW}. */
    static final int DISTINCT = 10;

    static final Duration WINDOW = Duration.ofMinutes(10);
    static final int BURST = 25;
    static final Duration REFILL = Duration.ofMinutes(5);
    static final String COMBINED = "(combined from similar events): ";

    private final Map<Key, Similar> similar = bounded();
    private final Map<Involved, Bucket> buckets = bounded();

    /** What makes two events the same; {@code message} is null for the combined one. */
    record Key(
            Involved involved,
            EmitEvent.Type type,
            String reason,
            @Nullable String message) {

        static Key of(EventRecord record) {
            boolean combined = record.message().startsWith(COMBINED);
            return new Key(record.involved(), record.type(), record.reason(), combined ? null : record.message());
        }
    }

    private static final class Similar {
        final Set<String> messages = HashSet.newHashSet(DISTINCT);
        Instant latest = Instant.MIN;
    }

    private static final class Bucket {
        double tokens = BURST;
        Instant filled = Instant.MIN;
    }

    /** The event that this one is to be counted under. */
    Key keyOf(Involved involved, EmitEvent.Type type, String reason, String message, Instant now) {
        var group = new Key(involved, type, reason, null);
        Similar known = similar.computeIfAbsent(group, g -> new Similar());
        if (known.latest.isBefore(now.minus(WINDOW))) {
            known.messages.clear();
        }
        known.latest = now;
        if (known.messages.contains(message)) {
            return new Key(involved, type, reason, message);
        }
        if (known.messages.size() < DISTINCT) {
            known.messages.add(message);
            return new Key(involved, type, reason, message);
        }
        return group;
    }

    /** Whether {@code involved} may be heard of now; a yes is counted. */
    boolean admits(Involved involved, Instant now) {
        Bucket bucket = buckets.computeIfAbsent(involved, i -> new Bucket());
        if (bucket.filled.equals(Instant.MIN) || now.isBefore(bucket.filled)) {
            // The first time, or a clock that was set back: nothing is earned by that.
            bucket.filled = now;
        }
        double earned = (double) Duration.between(bucket.filled, now).toNanos() / REFILL.toNanos();
        bucket.tokens = Math.min(BURST, bucket.tokens + earned);
        bucket.filled = now;
        if (bucket.tokens < 1) {
            return false;
        }
        bucket.tokens--;
        return true;
    }

    /** Forgets what was used longest ago. */
    static <K, V> Map<K, V> bounded() {
        return new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > CACHED;
            }
        };
    }

    int cached() {
        return Math.max(similar.size(), buckets.size());
    }
}
