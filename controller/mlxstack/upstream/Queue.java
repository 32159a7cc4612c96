package mlxstack.upstream;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for a slot at a backend. The keys take turns, and within one the first comes first, so that nobody is kept
 * waiting by somebody else's hundred requests. Event loop only.
 *
 * @param <T> a request, compared by {@code equals}
 */
final class Queue<T> {

    private static final double WEIGHT = 0.2;

    /** In the order of their turns; none is empty. */
    private final Map<String, ArrayDeque<T>> lanes = new LinkedHashMap<>();

    private int waiting;
    private int running;
    private int concurrency;
    private int most;
    /** Of the time a request keeps its slot, moving average; 0: not known. */
    private double service;

    /**
     * @param concurrency slots; 0: no limit
     * @param most that wait
     */
    void limits(int concurrency, int most) {
        this.concurrency = concurrency;
        this.most = most;
    }

    boolean free() {
        return concurrency == 0 || (running < concurrency && waiting == 0);
    }

    boolean full() {
        return waiting >= most;
    }

    /** Takes a slot, whether one is free or not: that was decided before. */
    void enter() {
        running++;
    }

    /** @param nanos the slot was kept; negative when that says nothing about others */
    void leave(long nanos) {
        running--;
        if (nanos >= 0) {
            service = service == 0 ? nanos : service + WEIGHT * (nanos - service);
        }
    }

    void add(String key, T request) {
        lanes.computeIfAbsent(key, _ -> new ArrayDeque<>()).add(request);
        waiting++;
    }

    boolean remove(String key, T request) {
        var lane = lanes.get(key);
        if (lane == null || !lane.remove(request)) {
            return false;
        }
        waiting--;
        if (lane.isEmpty()) {
            lanes.remove(key);
        }
        return true;
    }

    /** Whoever is next, when there is a slot; still in its place. */
    @Nullable
    T next() {
        if (waiting == 0 || (concurrency > 0 && running >= concurrency)) {
            return null;
        }
        return lanes.values().iterator().next().peek();
    }

    /** Whoever is next takes a slot and leaves its place; its key's next turn comes after all others'. */
    void admit() {
        Iterator<Map.Entry<String, ArrayDeque<T>>> first = lanes.entrySet().iterator();
        var lane = first.next();
        first.remove();
        lane.getValue().remove();
        if (!lane.getValue().isEmpty()) {
            lanes.put(lane.getKey(), lane.getValue());
        }
        waiting--;
        running++;
    }

    /** From 1; 0 when it does not wait here. */
    int position(String key, T request) {
        var own = lanes.get(key);
        int before = -1;
        if (own != null) {
            int i = 0;
            for (T other : own) {
                if (other.equals(request)) {
                    before = i;
                    break;
                }
                i++;
            }
        }
        if (before < 0) {
            return 0;
        }
        int position = before + 1;
        boolean earlier = true;
        for (Map.Entry<String, ArrayDeque<T>> lane : lanes.entrySet()) {
            if (lane.getKey().equals(key)) {
                earlier = false;
            } else {
                position += Math.min(lane.getValue().size(), earlier ? before + 1 : before);
            }
        }
        return position;
    }

    /** Whole seconds until the turn of the one at this position, at least 1. */
    int estimate(int position) {
        double nanos = service * position / Math.max(1, concurrency);
        return (int) Math.clamp(Math.ceil(nanos / TimeUnit.SECONDS.toNanos(1)), 1, 3_600);
    }

    int waiting() {
        return waiting;
    }

    int running() {
        return running;
    }
}
