package mlxstack.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation is worth something: each of these planted faults is found within a thousand seeds. */
class SimMutantsTest {

    enum Mutant implements SimWorld.Stepper {
        /** Takes every message to be about the present launch. */
        NO_LAUNCH_CHECK {
            @Override
            public Step step(State state, Event event, Now now) {
                return Reconciler.step(state, present(state, event), now);
            }
        },
        /** Starts without having written down that it will. */
        NO_INTENT {
            @Override
            public Step step(State state, Event event, Now now) {
                return without(
                        Reconciler.step(state, event, now),
                        e -> e instanceof Effect.Persist p
                                && p.record().intended()
                                && p.record().identity() == null);
            }
        },
        /** Writes down nothing about what runs. */
        NO_IDENTITY {
            @Override
            public Step step(State state, Event event, Now now) {
                return without(
                        Reconciler.step(state, event, now),
                        e -> e instanceof Effect.Persist p && p.record().launch() > 1);
            }
        },
        NO_TIMERS {
            @Override
            public Step step(State state, Event event, Now now) {
                return without(Reconciler.step(state, event, now), e -> e instanceof Effect.SetTimer);
            }
        },
        SPAWNS_TWICE {
            @Override
            public Step step(State state, Event event, Now now) {
                Step step = Reconciler.step(state, event, now);
                var effects = new ArrayList<>(step.effects());
                step.effects().stream().filter(e -> e instanceof Effect.Spawn).forEach(effects::add);
                return new Step(step.state(), effects);
            }
        },
        NEVER_SIGNALS {
            @Override
            public Step step(State state, Event event, Now now) {
                return without(Reconciler.step(state, event, now), e -> e instanceof Effect.Signal);
            }
        },
        /** Takes a signal that was sent for an end that has come. */
        DOES_NOT_WAIT_FOR_THE_END {
            @Override
            public Step step(State state, Event event, Now now) {
                Step step = Reconciler.step(state, event, now);
                for (Effect effect : step.effects()) {
                    if (effect instanceof Effect.Signal s) {
                        Step next = Reconciler.step(
                                step.state(),
                                new Event.ProcessExited(s.name(), s.launch(), new ExitStatus.Unknown()),
                                now);
                        var effects = new ArrayList<>(step.effects());
                        effects.addAll(next.effects());
                        return new Step(next.state(), effects);
                    }
                }
                return step;
            }
        },
        /** Takes over nothing at a start. */
        NO_ADOPTION {
            @Override
            public Step step(State state, Event event, Now now) {
                return Reconciler.step(
                        state,
                        event instanceof Event.Recovered r
                                ? new Event.Recovered(r.stack(), r.revision(), List.of(), List.of())
                                : event,
                        now);
            }
        },
        DROPS_EXITS {
            @Override
            public Step step(State state, Event event, Now now) {
                return event instanceof Event.ProcessExited
                        ? new Step(state, List.of())
                        : Reconciler.step(state, event, now);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void isFoundWithinAThousandSeeds(Mutant mutant) {
        long found = 0;
        for (long seed = 1; seed <= 1_000 && found == 0; seed++) {
            try {
                SimHistory.play(seed, mutant);
            } catch (SimWorld.Violation violation) {
                found = seed;
            }
        }
        assertThat(found).as("seed that finds %s", mutant).isPositive();
    }

    @Test
    void theCoreItselfIsNotFound() {
        for (long seed = 1; seed <= 50; seed++) {
            SimHistory.play(seed, Reconciler::step);
        }
    }

    private static Step without(Step step, Predicate<Effect> dropped) {
        return new Step(
                step.state(), step.effects().stream().filter(dropped.negate()).toList());
    }

    private static Event present(State state, Event event) {
        String name = event.subject();
        Unit unit = name == null ? null : state.unit(name);
        if (unit == null) {
            return event;
        }
        long launch = unit.launch();
        return switch (event) {
            case Event.ProcessSpawned e -> new Event.ProcessSpawned(e.name(), launch, e.identity(), e.commandDigest());
            case Event.SpawnFailed e -> new Event.SpawnFailed(e.name(), launch, e.obstacle());
            case Event.ProcessExited e -> new Event.ProcessExited(e.name(), launch, e.status());
            case Event.Cleared e -> new Event.Cleared(e.name(), launch, e.clear(), e.leftovers());
            case Event.ProbeResult e -> new Event.ProbeResult(e.name(), launch, e.kind(), e.outcome(), e.message());
            default -> event;
        };
    }
}
