package mlxstack.store;

import java.time.Instant;
import mlxstack.reconcile.Effect.EmitEvent;

/**
 * One thing that happened to one object, once or several times.
 *
 * @param name unique, {@code <object>.<hex>}, rising with time
 * @param uid a UUID, fixed by {@code name}
 * @param reason one CamelCase word
 * @param message one line, fit for a terminal
 * @param first when it happened first; {@code last} when last
 */
public record EventRecord(
        String name,
        String uid,
        Involved involved,
        EmitEvent.Type type,
        String reason,
        String message,
        Instant first,
        Instant last,
        int count) {

    /**
     * What it happened to.
     *
     * @param kind {@code Process} or {@code Stack}, or another kind of the control API
     */
    public record Involved(String kind, String name) {

        public static Involved process(String name) {
            return new Involved("Process", name);
        }

        public static Involved stack(String name) {
            return new Involved("Stack", name);
        }
    }

    EventRecord again(String newMessage, Instant at) {
        return new EventRecord(
                name, uid, involved, type, reason, newMessage, first, at.isAfter(last) ? at : last, count + 1);
    }

    /** What was told to those who watch. */
    public record Change(Kind kind, EventRecord event) {

        public enum Kind {
            ADDED,
            MODIFIED,
            DELETED
        }
    }
}
