package mlxstack.route;

import java.util.ArrayList;
import java.util.List;
import mlxstack.wire.ApiError;
import org.jspecify.annotations.Nullable;

/** What is noted on the way to one decision. Made for one request, used by one thread. */
final class Trail {

    private final List<String> reasons = new ArrayList<>(4);
    private List<String> rejected = List.of();
    private @Nullable String level;
    private @Nullable Double score;
    private @Nullable String floor;

    void add(String reason) {
        reasons.add(reason);
    }

    void graded(Grade grade) {
        reasons.add("complexity:" + grade.level());
        reasons.addAll(grade.signals());
        score = grade.score();
    }

    void level(String reached) {
        level = reached;
    }

    void floor(String model) {
        reasons.add("floor:" + model);
        floor = model;
    }

    /** A candidate is passed over. */
    void reject(String why, Backend backend) {
        rejectQuietly(why, backend);
        reasons.add(why + ":" + backend.id());
    }

    /** As {@link #reject}, of a candidate that was no first choice: it is no reason for where the request goes. */
    void rejectQuietly(String why, Backend backend) {
        String said = why + ":" + backend.id();
        if (rejected.isEmpty()) {
            rejected = new ArrayList<>(2);
        }
        if (!rejected.contains(said)) {
            rejected.add(said);
        }
    }

    Decision.To to(List<Hop> hops, @Nullable String route, @Nullable String at) {
        return new Decision.To(hops, route, at, reasons, basis());
    }

    Decision.Refused refused(ApiError error) {
        return new Decision.Refused(error, reasons, basis());
    }

    private Decision.Basis basis() {
        return level == null && rejected.isEmpty()
                ? Decision.Basis.NONE
                : new Decision.Basis(level, score, floor, rejected);
    }
}
