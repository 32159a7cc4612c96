package mlxstack.reconcile;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mlxstack.spec.Env;
import mlxstack.spec.MemoryEstimator;
import mlxstack.spec.Probe;
import mlxstack.spec.StackFile;
import org.jspecify.annotations.Nullable;

/** A core that is given stack files as people write them, and daemons that come and go. */
final class Life {

    private static final StackFile FILES = new StackFile();
    private static final StackRecord BORN = new StackRecord("home", 7, Map.of(), null, null);

    private State state = State.initial(BORN);
    private Duration time = Duration.ZERO;
    private String boot = "boot-1";
    private long number;

    /** What was written down, by name. */
    private final Map<String, UnitRecord> records = new LinkedHashMap<>();

    private StackRecord stack = BORN;

    /** All effects since {@link #forget}. */
    final List<Effect> effects = new ArrayList<>();

    private Life() {}

    /** @param total bytes of memory the machine has */
    static Life of(long total, String spec) {
        var life = new Life();
        life.feed(new Event.Recovered(BORN, null, List.of(), List.of()));
        life.feed(new Event.MemoryObserved(total));
        return life.file(spec);
    }

    private Now now() {
        return new Now(Duration.ofDays(1).plus(time).toNanos(), boot, Units.NOW.plus(time));
    }

    Life feed(Event event) {
        Step step = Reconciler.step(state, event, now());
        state = step.state();
        for (Effect effect : step.effects()) {
            effects.add(effect);
            switch (effect) {
                case Effect.Persist persist -> records.put(persist.name(), persist.record());
                case Effect.PersistStack persist -> stack = persist.record();
                case Effect.Forget forget -> records.remove(forget.name());
                default -> {}
            }
        }
        return this;
    }

    /** @param spec what stands under {@code spec}; there is no gateway */
    Life file(String spec) {
        var text = "apiVersion: mlxstack.dev/v1\nkind: Stack\nmetadata: {name: t}\nspec:\n  gateway: {engine: none}\n"
                + spec.indent(2);
        var parsed = FILES.parse(
                text.getBytes(StandardCharsets.UTF_8),
                Path.of("/etc/stack.yaml"),
                new Env(Path.of("/home/ada"), MemoryEstimator.none(), _ -> ""));
        if (parsed.isInvalid()) {
            throw new AssertionError(parsed.getError().mkString("\n"));
        }
        number++;
        return feed(new Event.SpecAccepted(
                new Revision(number, "%064d".formatted(number), now().wall(), null, "/etc/stack.yaml", parsed.get())));
    }

    Life forget() {
        effects.clear();
        return this;
    }

    Unit unit(String name) {
        return Objects.requireNonNull(state.unit(name), name);
    }

    /** Why the name is not being started; empty when nothing holds it. */
    String gate(String name) {
        var gate = unit(name).gate();
        return gate == null ? "" : gate.reason();
    }

    String gateMessage(String name) {
        return Objects.requireNonNull(unit(name).gate()).message();
    }

    Life spawned(String... names) {
        for (String name : names) {
            feed(new Event.ProcessSpawned(name, unit(name).launch(), identity(name), "cmd"));
        }
        return this;
    }

    private Identity identity(String name) {
        long launch = unit(name).launch();
        return new Identity(boot, 1000 + name.charAt(0) * 10L + launch, launch);
    }

    /** It runs and its probes say so. */
    Life ready(String... names) {
        for (String name : names) {
            spawned(name);
            long launch = unit(name).launch();
            for (var kind : Probe.Kind.values()) {
                feed(new Event.ProbeResult(name, launch, kind, Event.Outcome.SUCCESS, ""));
            }
        }
        return this;
    }

    Life exited(String name, int code) {
        feed(new Event.ProcessExited(name, unit(name).launch(), new ExitStatus.Code(code)));
        return feed(new Event.Cleared(name, unit(name).launch(), true, List.of()));
    }

    Life later(Duration by) {
        time = time.plus(by);
        return this;
    }

    /** Time goes on to the unit's timer, which fires. */
    Duration untilTimer(String name) {
        long at = Objects.requireNonNull(unit(name).timer(), "no timer for " + name);
        var wait = Duration.ofNanos(Math.max(0, at - now().awake()));
        later(wait).feed(new Event.TimerFired(name, at));
        return wait;
    }

    /** The daemon ends and another begins; nothing is lost of what ran. */
    Life restarted(String... alive) {
        var found = new ArrayList<Event.Found>();
        for (String name : alive) {
            found.add(new Event.Found(name, unit(name).launch(), new Event.Fate.Alive(identity(name))));
        }
        return recovered(found);
    }

    /** The machine ends and begins again; nothing runs. */
    Life rebooted() {
        boot = "boot-2";
        return recovered(List.of());
    }

    private Life recovered(List<Event.Found> found) {
        long total = state.memoryTotal();
        var revision = state.revision();
        state = State.initial(stack);
        forget();
        feed(new Event.Recovered(stack, revision, List.copyOf(records.values()), found));
        return feed(new Event.MemoryObserved(total));
    }

    /** The names of what was started since {@link #forget}, in that order. */
    List<String> starts() {
        return effects.stream()
                .filter(Effect.Spawn.class::isInstance)
                .map(effect -> ((Effect.Spawn) effect).name())
                .toList();
    }

    @Nullable
    Integer port(String name) {
        return unit(name).port();
    }

    <T extends Effect> List<T> all(Class<T> kind) {
        return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
