package mlxstack.upstream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import mlxstack.route.Backend;
import mlxstack.route.Decision;
import mlxstack.route.Hop;
import mlxstack.route.Table;
import mlxstack.upstream.Standing.Room;
import mlxstack.wire.ApiError;
import mlxstack.wire.Operation;
import org.jspecify.annotations.Nullable;

/** Where one request may go, and where it has been. Event loop only. */
final class Itinerary {

    private final Dispatcher all;
    private final Call call;
    private final List<String> asked = new ArrayList<>(2);
    private final List<String> tried = new ArrayList<>(2);
    private List<Hop> hops = List.of();
    private List<String> reasons = List.of();
    private @Nullable String route;
    private @Nullable String level;
    private Decision.Basis basis = Decision.Basis.NONE;
    private String policy = "";
    private boolean verbatim;
    private String digest = "";

    Itinerary(Dispatcher all, Call call) {
        this.all = all;
        this.call = call;
    }

    /** @return null when there is somewhere to go by this table */
    @Nullable
    ApiError decide(Table table) {
        policy = table.policy();
        digest = table.digest();
        return switch (call.decide().apply(table)) {
            case Decision.Refused(var error, var why, var on) -> {
                reasons = why;
                basis = on;
                level = on.level();
                yield error;
            }
            case Decision.To to -> {
                // Tokens are counted by those that can, and by us; nobody is asked to translate that.
                hops = call.operation() != Operation.COUNT_TOKENS
                        ? to.hops()
                        : to.hops().stream()
                                .filter(hop -> hop.backend().speaks().contains(Operation.COUNT_TOKENS))
                                .toList();
                reasons = to.reasons();
                route = to.route();
                level = to.level();
                basis = to.basis();
                yield null;
            }
        };
    }

    /** Where it may go stays as it was decided; what is known of those places is of now. */
    void refresh(Table table) {
        if (!table.digest().equals(digest)) {
            digest = table.digest();
            var now = new HashMap<String, Backend>();
            table.backends().forEach(backend -> now.put(backend.id(), backend));
            hops = hops.stream()
                    .map(hop -> hop.with(now.getOrDefault(hop.backend().id(), hop.backend())))
                    .toList();
        }
    }

    boolean isEmpty() {
        return hops.isEmpty();
    }

    Hop hop(int index) {
        return hops.get(index);
    }

    int indexOf(Backend backend) {
        for (int i = 0; i < hops.size(); i++) {
            if (hops.get(i).backend().id().equals(backend.id())) {
                return i;
            }
        }
        return 0;
    }

    void goes(Backend backend) {
        if (!asked.contains(backend.id())) {
            asked.add(backend.id());
        }
        tried.add(backend.id());
    }

    boolean wasAt(Backend backend) {
        return tried.contains(backend.id());
    }

    /** It cannot be put into other words: only those that take it as it came are left. */
    void onlyVerbatim() {
        verbatim = true;
    }

    /** Whether it need not be asked, or not again. */
    private boolean isOut(Backend backend) {
        return wasAt(backend) || (verbatim && !backend.speaks().contains(call.operation()));
    }

    /** All may be tried once more. */
    void again() {
        tried.clear();
    }

    /** Whether nobody could take over from the backend that is asked now. */
    boolean isLast() {
        for (Hop hop : hops) {
            if (!isOut(hop.backend())) {
                return false;
            }
        }
        return true;
    }

    List<Standing> standings(Place place, long now) {
        boolean never = call.operation() == Operation.COUNT_TOKENS;
        var standings = new ArrayList<Standing>(hops.size());
        for (Hop hop : hops) {
            var backend = hop.backend();
            var station = all.station(backend);
            boolean here = place.isAt(station);
            boolean full = station.queue.full() || backend.maxWait().isZero();
            boolean free = never || (here ? place.isNext() : station.queue.free());
            standings.add(new Standing(
                    backend,
                    isOut(backend),
                    station.breaker.restSeconds(now),
                    station.breaker.open(now),
                    free ? Room.FREE : here || !full ? Room.PLACE : Room.FULL,
                    hop.spillQueueFull(),
                    !never
                            && (here || !full)
                            && place.waited(now) < backend.maxWait().toNanos(),
                    free ? 1 : station.queue.estimate(here ? place.position() : station.queue.waiting() + 1)));
        }
        return standings;
    }

    Labels labels(@Nullable Backend backend, Place place) {
        return new Labels(backend, asked.size(), place.waited(System.nanoTime()), place.arrival(), route);
    }

    Observer.Ended end(int status, @Nullable Backend backend, @Nullable Fault fault, Place place, long began) {
        long now = System.nanoTime();
        return new Observer.Ended(
                status,
                backend,
                fault,
                reasons,
                route,
                level,
                basis,
                policy,
                hops,
                asked.size(),
                place.waited(now),
                now - began);
    }
}
