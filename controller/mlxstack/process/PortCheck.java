package mlxstack.process;

import java.util.HashSet;
import java.util.Optional;
import mlxstack.process.Look.Row;
import mlxstack.reconcile.Identity;
import mlxstack.reconcile.Obstacle;

/** Who has a TCP port of this machine. Usable from any thread. */
public final class PortCheck {

    private final Platform platform;

    public PortCheck(Platform platform) {
        this.platform = platform;
    }

    /** Empty if a listener could be opened there now; else who has one. */
    public Optional<Obstacle.PortInUse> check(int port) {
        if (platform.bindable(port)) {
            return Optional.empty();
        }
        long pid = platform.listeners(port).stream().findFirst().orElse(0L);
        return Optional.of(new Obstacle.PortInUse(port, pid, pid == 0 ? "" : platform.program(pid)));
    }

    /** Whether a listener on that port is held by that process, its session or its descendants. */
    public boolean owns(int port, Identity identity) {
        if (!identity.bootId().equals(platform.bootId())
                || !(platform.look(identity.pid()) instanceof Look.Seen(Row leader))
                || leader.start() != identity.start()) {
            return false;
        }
        if (platform.listens(identity.pid(), port)) {
            return true;
        }
        var owners = platform.listeners(port);
        return owners.stream().anyMatch(owner -> owner > 0 && belongs(owner, identity.pid()));
    }

    private boolean belongs(long pid, long leader) {
        var seen = new HashSet<Long>();
        long at = pid;
        while (at > 1 && seen.add(at) && platform.look(at) instanceof Look.Seen(Row row)) {
            if (row.pid() == leader || row.session() == leader) {
                return true;
            }
            at = row.parent();
        }
        return false;
    }
}
