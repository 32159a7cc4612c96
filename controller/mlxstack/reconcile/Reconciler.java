package mlxstack.reconcile;

import java.util.List;

/** The one decision function of the daemon. */
public final class Reconciler {

    private Reconciler() {}

    /** What {@code event}, taken up at {@code now}, means in {@code state}. Pure: equal arguments, equal step. */
    public static Step step(State state, Event event, Now now) {
        return new Step(state, List.of());
    }
}
