package mlxstack.upstream;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import mlxstack.route.Backend;
import mlxstack.route.Table;
import org.jspecify.annotations.Nullable;

/** Gets requests answered, and remembers of each backend how it did. Event loop only. */
public final class Dispatcher {

    final Upstreams upstreams;
    final Ticker ticker;
    final Ways ways;
    final Pace pace;
    private final Supplier<Table> tables;
    private final Map<String, Station> stations = new HashMap<>();
    /** With no backend now. */
    final Set<Dispatch> waiting = new LinkedHashSet<>();

    /** Digest of the table that was looked at last. */
    private String known = "";

    /** Answered, or waiting. */
    private final Set<Dispatch> running = new LinkedHashSet<>();

    private long looked;

    /**
     * How others take part.
     *
     * @param secrets a backend's key by its name; null when there is none of that name
     * @param tokens what {@code count_tokens} answers where no backend can
     */
    public record Ways(
            Translations translations,
            Function<String, @Nullable String> secrets,
            Admission admission,
            Observer observer,
            ToLongFunction<Call> tokens) {

        public static final Ways PLAIN = new Ways(
                Translations.NONE,
                _ -> null,
                Admission.EVERYBODY,
                Observer.NOBODY,
                call -> call.body().length() / 4);
    }

    /**
     * @param tickMillis how often deadlines are looked at
     * @param keepAliveMillis after how long a silence a stream's client is told that it is not forgotten
     * @param againMillis after which an endpoint that took no connection is tried again, at first
     */
    public record Pace(long tickMillis, long keepAliveMillis, long againMillis) {
        public static final Pace DEFAULT = new Pace(25, 10_000, 100);
    }

    /** @param tables what is in force now */
    public Dispatcher(Vertx vertx, Supplier<Table> tables, Upstreams upstreams, Ways ways, Pace pace) {
        this.tables = tables;
        this.upstreams = upstreams;
        this.ways = ways;
        this.pace = pace;
        this.ticker = new Ticker(vertx, pace.tickMillis());
    }

    /** Answers it, or says why not; releases its body. */
    public void dispatch(Call call) {
        new Dispatch(this, call).start(look());
    }

    /** Requests that are answered or wait. */
    public int running() {
        return running.size();
    }

    /** Each backend of the table in force, in its order. */
    public List<Condition> conditions() {
        long now = System.nanoTime();
        var conditions = new ArrayList<Condition>();
        for (Backend backend : look().backends()) {
            var station = stations.get(backend.id());
            conditions.add(
                    station == null
                            ? new Condition(backend, 0, 0, Condition.Circuit.CLOSED, 0)
                            : station.condition(backend, now));
        }
        return conditions;
    }

    /** How many of them are with each backend that has any, by its id. */
    public Map<String, Integer> busy() {
        var busy = new LinkedHashMap<String, Integer>();
        stations.forEach((id, station) -> {
            if (station.queue.running() > 0) {
                busy.put(id, station.queue.running());
            }
        });
        return busy;
    }

    void began(Dispatch fresh) {
        running.add(fresh);
    }

    void over(Dispatch done) {
        running.remove(done);
    }

    /**
     * Ends all there are: those that wait are told when to come again, and so are those that have no content yet; streams
     * that have some are broken off with an error.
     */
    public void abandon() {
        // First those that a place that becomes free would be given to.
        for (Dispatch each : List.copyOf(waiting)) {
            each.abandon(Errors.ending());
        }
        for (Dispatch each : List.copyOf(running)) {
            each.abandon(Errors.ending());
        }
    }

    /** Takes note of a table that is new, and lets those that wait go by it. */
    Table look() {
        var table = tables.get();
        if (table.digest().equals(known)) {
            return table;
        }
        known = table.digest();
        for (Backend backend : table.backends()) {
            var station = stations.get(backend.id());
            if (station != null) {
                station.describe(backend);
            }
        }
        for (Dispatch each : List.copyOf(waiting)) {
            each.decideAgain(table);
        }
        for (Station station : new ArrayList<>(stations.values())) {
            station.pump();
        }
        var ids = new HashSet<String>();
        table.backends().forEach(backend -> ids.add(backend.id()));
        stations.entrySet()
                .removeIf(
                        each -> !ids.contains(each.getKey()) && each.getValue().isIdle());
        return table;
    }

    /** Once a tick, however many wait. */
    void look(long tick) {
        if (tick != looked) {
            looked = tick;
            look();
        }
    }

    Station station(Backend backend) {
        var station = stations.get(backend.id());
        if (station == null) {
            station = new Station(backend);
            stations.put(backend.id(), station);
        }
        return station;
    }
}
