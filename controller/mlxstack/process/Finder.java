package mlxstack.process;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import mlxstack.process.Look.Row;
import mlxstack.process.Platform.Carrier;
import mlxstack.reconcile.Event.Fate;
import mlxstack.reconcile.Event.Found;
import mlxstack.reconcile.ExitStatus;
import mlxstack.reconcile.Identity;
import mlxstack.reconcile.UnitRecord;
import org.jspecify.annotations.Nullable;

/** What became of the instances an earlier daemon wrote down. Only looks; stateless. */
final class Finder {

    private final Platform platform;

    Finder(Platform platform) {
        this.platform = platform;
    }

    /**
     * One answer for each record of an instance that may exist; and one for each other process of this home that leads
     * a launch, of which a record was never written or is lost.
     *
     * @param homeId first part of every nonce of ours
     */
    List<Found> find(List<UnitRecord> records, String homeId) {
        var found = new ArrayList<Found>();
        var intents = new ArrayList<UnitRecord>();
        for (var record : records) {
            if (record.intended()) {
                var identity = record.identity();
                if (identity == null) {
                    intents.add(record);
                } else {
                    found.add(new Found(record.name(), record.launch(), fate(identity)));
                }
            }
        }
        List<Carrier> leaders = platform.carriers(null).stream()
                .filter(c -> c.nonce() != null && c.nonce().startsWith(homeId + "/"))
                .filter(c -> c.row().pid() == c.row().session() && !c.row().zombie())
                .sorted(Comparator.<Carrier>comparingLong(c -> c.row().start())
                        .thenComparingLong(c -> c.row().pid()))
                .toList();
        found.addAll(byNonce(intents, leaders));
        found.addAll(strays(records, leaders));
        return found;
    }

    /** Those that no record speaks of: of each launch its own process. */
    private List<Found> strays(List<UnitRecord> records, List<Carrier> leaders) {
        var known = new HashSet<@Nullable String>();
        var watched = new HashSet<@Nullable Identity>();
        for (var record : records) {
            if (record.intended()) {
                known.add(record.nonce());
                watched.add(record.identity());
            }
        }
        var strays = new ArrayList<Found>();
        for (Carrier leader : leaders) {
            String[] parts = String.valueOf(leader.nonce()).split("/");
            // home-id/name/launch, perhaps followed by more
            if (!watched.contains(identity(leader.row()))
                    && known.add(leader.nonce())
                    && parts.length >= 3
                    && parts[2].matches("[0-9]{1,18}")) {
                strays.add(new Found(parts[1], Long.parseLong(parts[2]), new Fate.Alive(identity(leader.row()))));
            }
        }
        return strays;
    }

    private Identity identity(Row row) {
        return new Identity(platform.bootId(), row.pid(), row.start());
    }

    private Fate fate(Identity identity) {
        if (!identity.bootId().equals(platform.bootId())) {
            return new Fate.Lost("the machine was restarted since");
        }
        return switch (platform.look(identity.pid())) {
            case Look.Absent _ -> new Fate.Gone(new ExitStatus.Unknown());
            // It may well run: a second copy would be worse than waiting for news of a dead one.
            case Look.Failed _ -> new Fate.Alive(identity);
            case Look.Seen(Row row)
            when row.start() != identity.start() ->
                new Fate.Lost("pid %d belongs to another process now".formatted(identity.pid()));
            case Look.Seen(Row row) when row.zombie() -> new Fate.Gone(platform.decode(row.waitStatus()));
            case Look.Seen _ -> new Fate.Alive(identity);
        };
    }

    /** The launch's own process is the leader of a session among those that carry its nonce, and the oldest such. */
    private List<Found> byNonce(List<UnitRecord> intents, List<Carrier> leaders) {
        return intents.stream()
                .map(intent -> new Found(
                        intent.name(),
                        intent.launch(),
                        leaders.stream()
                                .filter(c -> intent.nonce().equals(c.nonce()))
                                .findFirst()
                                .<Fate>map(c -> new Fate.Alive(identity(c.row())))
                                .orElseGet(() -> new Fate.Lost("no running process carries its nonce"))))
                .toList();
    }
}
