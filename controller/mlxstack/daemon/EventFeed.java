package mlxstack.daemon;

import mlxstack.api.EventLedger;
import mlxstack.api.EventSource.Stored;
import mlxstack.store.EventRecord;
import mlxstack.store.Events;

/** Shows the stored events to the control API. Called under the store's lock. */
final class EventFeed {

    private EventFeed() {}

    /** @param changed called after every change; returns at once */
    static Events.Watch connect(Events events, EventLedger ledger, Runnable changed) {
        return events.watch(all -> all.forEach(e -> ledger.put(stored(e))), change -> {
            switch (change.kind()) {
                case ADDED, MODIFIED -> ledger.put(stored(change.event()));
                case DELETED -> ledger.remove(change.event().name());
            }
            changed.run();
        });
    }

    private static Stored stored(EventRecord e) {
        boolean aboutStack = e.involved().kind().equals("Stack");
        return new Stored(
                e.name(),
                0,
                aboutStack ? null : e.involved().name(),
                e.type(),
                e.reason(),
                e.message(),
                e.first(),
                e.last(),
                e.count());
    }
}
