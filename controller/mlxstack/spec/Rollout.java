package mlxstack.spec;

import java.time.Duration;

/**
 * How a changed template replaces a running instance.
 *
 * @param progressDeadline how long the new instance may take to become Ready
 * @param autoRevert go back to the template that was Ready before, when the deadline passes
 */
public record Rollout(Strategy strategy, Duration progressDeadline, boolean autoRevert) {

    public enum Strategy {
        RECREATE,
        SURGE
    }
}
