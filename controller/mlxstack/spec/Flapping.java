package mlxstack.spec;

import java.time.Duration;

/**
 * At least {@code restarts} unplanned restarts within {@code window} hold the workload; single trials follow after
 * {@code holdInitial}, doubling to {@code holdMax}.
 *
 * @param restarts 0 turns the detection off
 */
public record Flapping(int restarts, Duration window, Duration holdInitial, Duration holdMax) {}
