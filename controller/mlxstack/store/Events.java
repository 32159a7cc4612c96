package mlxstack.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import mlxstack.reconcile.Effect.EmitEvent;
import mlxstack.store.EventRecord.Change;
import mlxstack.store.EventRecord.Involved;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happened, for people: at most 10,000 events of the last seven days, correlated, kept across restarts of the
 * daemon. A file that cannot be written costs the memory of it, nothing else.
 *
 * <p>Thread-safe. Listeners are called in order, under the lock: they hand over and return.
 */
public final class Events implements AutoCloseable {

    static final int KEPT = 10_000;
    static final Duration AGE = Duration.ofDays(7);
    private static final int LONGEST_MESSAGE = 1_024;
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    private final InstantSource clock;
    private final EventFile file;
    private final Correlator correlator = new Correlator();
    private final Map<Correlator.Key, String> names = Correlator.bounded();
    /** By name; those that happened longest ago first. */
    private final LinkedHashMap<String, EventRecord> records = new LinkedHashMap<>();

    private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
    private long lastId;
    private long suppressed;
    private boolean unwritten;
    private @Nullable String trouble;

    public Events(Home home, Json json, InstantSource clock) {
        this.clock = clock;
        this.file = new EventFile(home.events(), json);
        try {
            records.putAll(file.load());
        } catch (IOException e) {
            failed(e);
        }
        for (EventRecord record : records.values()) {
            names.put(Correlator.Key.of(record), record.name());
            String hex = record.name().substring(record.name().lastIndexOf('.') + 1);
            lastId = Math.max(lastId, HexFormat.isHexDigit(hex.charAt(0)) ? HexFormat.fromHexDigitsToLong(hex) : 0);
        }
        expire(clock.instant());
    }

    /** @param stack the name that events without one are about */
    public void emit(EmitEvent effect, String stack) {
        String name = effect.name();
        Involved involved = name == null ? Involved.stack(stack) : Involved.process(name);
        report(involved, effect.type(), effect.reason(), effect.message());
    }

    public synchronized void report(Involved involved, EmitEvent.Type type, String reason, String message) {
        Instant now = clock.instant();
        String text = Printable.line(message, LONGEST_MESSAGE);
        Correlator.Key key = correlator.keyOf(involved, type, reason, text, now);
        String shown = key.message() == null ? Printable.line(Correlator.COMBINED + text, LONGEST_MESSAGE) : text;
        boolean heard = correlator.admits(involved, now);
        String known = names.get(key);
        EventRecord before = known == null ? null : records.remove(known);
        if (before == null && !heard) {
            suppressed++;
            return;
        }
        EventRecord record = before == null ? create(involved, type, reason, shown, now) : before.again(shown, now);
        records.put(record.name(), record);
        names.put(key, record.name());
        expire(now);
        if (heard) {
            append(record);
            tell(new Change(before == null ? Change.Kind.ADDED : Change.Kind.MODIFIED, record));
        } else {
            // Counted, and told and written with the next one that is heard.
            unwritten = true;
        }
    }

    private EventRecord create(Involved involved, EmitEvent.Type type, String reason, String message, Instant now) {
        lastId = Math.max(lastId + 1, now.getEpochSecond() * 1_000_000_000L + now.getNano());
        String name = involved.name() + "." + HexFormat.of().toHexDigits(lastId);
        String uid =
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
        return new EventRecord(name, uid, involved, type, reason, message, now, now, 1);
    }

    private void expire(Instant now) {
        while (!records.isEmpty()) {
            EventRecord oldest = records.firstEntry().getValue();
            if (records.size() <= KEPT && !oldest.last().isBefore(now.minus(AGE))) {
                return;
            }
            records.remove(oldest.name());
            names.remove(Correlator.Key.of(oldest), oldest.name());
            tell(new Change(Change.Kind.DELETED, oldest));
        }
    }

    /** Those that happened longest ago first. */
    public synchronized List<EventRecord> list() {
        expire(clock.instant());
        return List.copyOf(records.values());
    }

    public synchronized List<EventRecord> of(Involved involved) {
        return list().stream()
                .filter(record -> record.involved().equals(involved))
                .toList();
    }

    /** How many were said by objects that had said too much. */
    public synchronized long suppressed() {
        return suppressed;
    }

    /** Why events are not written at present; null when they are. */
    public synchronized @Nullable String trouble() {
        return trouble;
    }

    /**
     * Tells of every change from now on.
     *
     * @param now is told what there is before the first change
     */
    public synchronized Watch watch(Consumer<List<EventRecord>> now, Consumer<Change> listener) {
        now.accept(list());
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Ended by closing it. */
    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    private void tell(Change change) {
        listeners.removeIf(listener -> !told(listener, change));
    }

    private static boolean told(Consumer<Change> listener, Change change) {
        try {
            listener.accept(change);
            return true;
        } catch (RuntimeException e) {
            LOG.warn("a listener to events failed and is told no more", e);
            return false;
        }
    }

    private void append(EventRecord record) {
        try {
            file.append(record, records.values());
            trouble = null;
        } catch (IOException e) {
            failed(e);
        }
    }

    private void failed(IOException e) {
        if (trouble == null) {
            LOG.warn("events are not kept: {}", StateFiles.reason(e));
        }
        trouble = StateFiles.reason(e);
    }

    @Override
    public synchronized void close() {
        try {
            if (unwritten) {
                file.rewrite(records.values());
            }
            file.close();
        } catch (IOException e) {
            failed(e);
        }
    }

    /** For tests of the bounds: the largest of the caches. */
    synchronized int cached() {
        return Math.max(names.size(), correlator.cached());
    }
}
