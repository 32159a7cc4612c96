package mlxstack.process;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import mlxstack.process.Look.Row;
import mlxstack.process.Platform.Carrier;
import mlxstack.reconcile.Event.Fate;
import mlxstack.reconcile.Event.Found;
import mlxstack.reconcile.ExitStatus;
import mlxstack.reconcile.Identity;
import mlxstack.reconcile.UnitRecord;

/** What became of the instances an earlier daemon wrote down. Only looks; stateless. */
final class Finder {

    private final Platform platform;

    Finder(Platform platform) {
        this.platform = platform;
    }

    /** One answer for each record of an instance that may exist. */
    List<Found> find(List<UnitRecord> records) {
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
        found.addAll(byNonce(intents));
        return found;
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
    private List<Found> byNonce(List<UnitRecord> intents) {
        if (intents.isEmpty()) {
            return List.of();
        }
        var nonces = intents.stream().map(UnitRecord::nonce).collect(Collectors.toSet());
        var carriers = platform.carriers(nonces);
        return intents.stream()
                .map(intent -> new Found(
                        intent.name(),
                        intent.launch(),
                        carriers.stream()
                                .filter(c -> intent.nonce().equals(c.nonce()))
                                .map(Carrier::row)
                                .filter(row -> row.pid() == row.session() && !row.zombie())
                                .min(Comparator.comparingLong(Row::start))
                                .<Fate>map(
                                        row -> new Fate.Alive(new Identity(platform.bootId(), row.pid(), row.start())))
                                .orElseGet(() -> new Fate.Lost("no running process carries its nonce"))))
                .toList();
    }
}
