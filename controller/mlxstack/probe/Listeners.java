package mlxstack.probe;

import java.util.Optional;
import mlxstack.reconcile.Identity;
import mlxstack.reconcile.Obstacle;

/** Who listens on this machine. May take a millisecond; called by many threads. */
public interface Listeners {

    /** Whether a listener on that port belongs to that process, its session or its descendants. */
    boolean owns(int port, Identity identity);

    /** Who has the port; empty when nobody has. */
    Optional<Obstacle.PortInUse> holder(int port);
}
