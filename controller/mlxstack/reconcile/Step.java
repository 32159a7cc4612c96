package mlxstack.reconcile;

import java.util.List;

/** What one event led to: the new state, and what to do about it, in order. */
public record Step(State state, List<Effect> effects) {
    public Step {
        effects = List.copyOf(effects);
    }
}
