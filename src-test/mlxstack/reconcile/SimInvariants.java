package mlxstack.reconcile;

import mlxstack.spec.Workload;

/** What must hold, after every step and once the faults have ended. */
final class SimInvariants {

    private SimInvariants() {}

    static void afterStep(SimWorld world, State before, Event event) {
        Command.Mark all = world.state.stack().suspended();
        if (world.state.recovered() && all != null && all.until() != null && all.until() < world.time) {
            throw world.violation("a suspension goes on after its time");
        }
        for (Unit unit : world.state.units().values()) {
            if (!java.util.Objects.equals(unit.timer(), world.timer(unit.name()))) {
                throw world.violation(
                        unit.name() + " counts on a timer at " + unit.timer() + ", set is " + world.timer(unit.name()));
            }
        }
        if (event.subject() != null) {
            Unit unit = world.state.unit(event.subject());
            Unit was = before.unit(event.subject());
            if (unit != null
                    && was != null
                    && launch(event) < was.launch()
                    && !unit.phase().equals(was.phase())) {
                throw world.violation(unit.name() + ": a late message changed " + was.phase() + " to " + unit.phase());
            }
            if (unit != null) {
                monotone(world, unit);
            }
        }
    }

    private static long launch(Event event) {
        return switch (event) {
            case Event.ProcessSpawned e -> e.launch();
            case Event.SpawnFailed e -> e.launch();
            case Event.ProcessExited e -> e.launch();
            case Event.Cleared e -> e.launch();
            case Event.ProbeResult e -> e.launch();
            default -> Long.MAX_VALUE;
        };
    }

    /** Within one streak a back-off never gets shorter, jitter aside, and never exceeds its cap. */
    private static void monotone(SimWorld world, Unit unit) {
        Wait waiting = unit.streak().waiting();
        if (waiting == null || waiting.reason() != Wait.Reason.BACK_OFF || !(unit.phase() instanceof Phase.Clearing)) {
            return;
        }
        long delay = waiting.delay().toNanos();
        var backoff = unit.spec().policy().restart().backoff();
        if (delay > backoff.max().toNanos() * (1 + backoff.jitter())) {
            throw world.violation(unit.name() + ": back-off above its cap: " + waiting.delay());
        }
        var before =
                world.delayBefore(unit.name(), new SimWorld.Delay(unit.streak().failures(), delay));
        if (before != null
                && before.failures() < unit.streak().failures()
                && delay * (1 + backoff.jitter()) < before.nanos()) {
            throw world.violation(unit.name() + ": back-off went down from " + before.nanos() + " to " + delay);
        }
    }

    /** The faults are over and time has passed: what is wanted runs, what is not does not, and nobody is forgotten. */
    static void converged(SimWorld world) {
        for (Unit unit : world.state.units().values()) {
            String name = unit.name();
            long living = world.living(name);
            if (living > 1) {
                throw world.violation("two instances of " + name);
            }
            boolean rests = unit.stopped() != null
                    || world.state.stack().down() != null
                    || unit.spec().replicas() == 0
                    || unit.finish() != null;
            boolean frozen = unit.suspended() != null || world.state.stack().suspended() != null;
            if (unit.phase() instanceof Phase.Idle && living > 0) {
                throw world.violation(name + " is thought idle and has a process");
            }
            if (rests && !frozen && living > 0) {
                throw world.violation(name + " should be at rest and has a process");
            }
            if (!rests && !frozen && living == 0 && !excused(world, unit)) {
                throw world.violation(name + " should run and does not: " + unit.phase() + " " + unit.gate());
            }
            if (living == 1 && !(unit.phase() instanceof Phase.Running) && !frozen) {
                throw world.violation(name + " has a process and is " + unit.phase());
            }
        }
        for (String name : world.livingNames()) {
            Unit unit = world.state.unit(name);
            if (unit == null) {
                throw world.violation(name + " has a process and nobody knows it");
            }
        }
        if (world.accepted != null
                && world.state.held() == null
                && world.state.stack().suspended() == null) {
            litellm(world, world.accepted);
            for (Workload w : world.accepted.stack().workloads()) {
                if (!Litellm.isPattern(w) && world.state.unit(w.name()) == null) {
                    throw world.violation(w.name() + " is wanted and forgotten");
                }
            }
        }
    }

    /** Of the two that take turns one has what is wanted now, and as soon as it serves it is the only one. */
    private static void litellm(SimWorld world, Revision accepted) {
        Workload pattern = Litellm.pattern(accepted);
        var present = Workload.LITELLM_TURNS.stream()
                .map(world.state::unit)
                .filter(java.util.Objects::nonNull)
                .toList();
        if (pattern == null) {
            if (!present.isEmpty()) {
                throw world.violation("a LiteLLM is there and nobody wants one");
            }
            return;
        }
        var wanted = Workload.LITELLM_TURNS.stream()
                .filter(name -> world.state.desired().containsKey(name))
                .toList();
        if (wanted.isEmpty() || present.size() < wanted.size()) {
            throw world.violation("a LiteLLM is wanted and forgotten");
        }
        if (!present.stream().allMatch(Unit::ready)) {
            return; // stopped by a person, or no memory for it
        }
        var digest = pattern.template().restartTriggers().get("litellm.yaml");
        var current = present.getFirst();
        if (present.size() > 1) {
            throw world.violation("the old LiteLLM stays beside one that serves");
        }
        if (!java.util.Objects.equals(
                digest, current.spec().template().restartTriggers().get("litellm.yaml"))) {
            throw world.violation(current.name() + " is not as it should be");
        }
        var table = world.state.gateway();
        if (table == null || table.relay() == null || !table.relay().name().equals(current.name())) {
            throw world.violation("requests go elsewhere: " + (table == null ? null : table.relay()));
        }
    }

    /** Waits for something that the rules let it wait for even without faults. */
    private static boolean excused(SimWorld world, Unit unit) {
        Unit.Gate gate = unit.gate();
        Unit blamed = gate == null || gate.blame() == null ? null : world.state.unit(gate.blame());
        return gate != null
                && switch (gate.reason()) {
                    case "DependencyNotReady", "InsufficientMemory", "Flapping", "CrashLoopBackOff", "BackOff" -> true;
                    // A definition that was gone back to may hold a port that the file has given to another.
                    case "PortHeld" -> unit.pinned() != null || (blamed != null && blamed.pinned() != null);
                    default -> false;
                };
    }
}
