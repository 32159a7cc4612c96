package mlxstack.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** An {@link EventSource} for whoever is told of events one by one. Thread-safe. */
public final class EventLedger implements EventSource {

    /** By name; the latest change last. */
    private final LinkedHashMap<String, Stored> events = new LinkedHashMap<>();

    private long changes;

    /** A new event, or one seen again. {@code event.change()} is ignored and given anew. */
    public synchronized void put(Stored event) {
        changes++;
        events.remove(event.name());
        events.put(
                event.name(),
                new Stored(
                        event.name(),
                        changes,
                        event.about(),
                        event.type(),
                        event.reason(),
                        event.message(),
                        event.first(),
                        event.last(),
                        event.count()));
    }

    /** The event has been dropped by the store. */
    public synchronized void remove(String name) {
        events.remove(name);
    }

    @Override
    public synchronized List<Stored> changedSince(long change) {
        var found = new ArrayList<Stored>();
        for (Stored event : events.sequencedValues().reversed()) {
            if (event.change() <= change) {
                break;
            }
            found.add(event);
        }
        return found.reversed();
    }
}
