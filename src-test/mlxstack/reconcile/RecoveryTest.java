package mlxstack.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import mlxstack.reconcile.Event.Fate;
import mlxstack.reconcile.Event.Found;
import mlxstack.spec.Gateway;
import mlxstack.spec.Stack;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The first step of a daemon's life, for what was found in unusual ways. */
class RecoveryTest {

    private static final StackRecord STACK = new StackRecord("home", 7, Map.of(), null, null);
    private static final Identity FIRST = new Identity("boot", 100, 1);
    private static final Identity SECOND = new Identity("boot", 200, 2);

    private static final Now NOW = new Now(1_000_000, "boot", Units.NOW);

    private static Step recovered(List<UnitRecord> records, Found... found) {
        return recovered(revision(Bench.process("a")), records, found);
    }

    private static Step recovered(@Nullable Revision revision, List<UnitRecord> records, Found... found) {
        return Reconciler.step(
                State.initial(STACK), new Event.Recovered(STACK, revision, records, List.of(found)), NOW);
    }

    private static Revision revision(Workload... workloads) {
        var gateway = new Gateway(Gateway.Engine.NONE, "127.0.0.1", 4000);
        var stack = new Stack("home", Map.of(), Map.of(), null, List.of(workloads), List.of(), gateway, List.of());
        return new Revision(1, "0".repeat(64), Units.NOW, null, "s", stack);
    }

    /** What is written down of a process that runs. */
    private static UnitRecord record(String name) {
        var bench = new Bench(Bench.process(name)).spawned(name);
        return Records.of(bench.unit(name), "boot");
    }

    private static Found alive(long launch, Identity identity) {
        return new Found("a", launch, new Fate.Alive(identity));
    }

    private static <T> List<T> all(Step step, Class<T> kind) {
        return step.effects().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Test
    @DisplayName("A08 without any record, what runs is taken over as it is")
    void a08Strays() {
        var step = recovered(List.of(), alive(3, FIRST));
        assertThat(all(step, Effect.Adopt.class)).containsExactly(new Effect.Adopt("a", 3, FIRST));
        assertThat(all(step, Effect.Signal.class)).isEmpty();
        assertThat(all(step, Effect.Spawn.class)).isEmpty();
    }

    @Test
    @DisplayName("after an upgrade, what runs by another command line than it would be started with is outdated")
    void outdated() {
        var record = record("a");
        var step = recovered(List.of(record), alive(record.launch(), FIRST));
        assertThat(all(step, Effect.Inspect.class)).hasSize(1);
        var same = new Event.Inspected("a", record.launch(), null, record.commandDigest());
        var other = new Event.Inspected("a", record.launch(), new Obstacle.PortInUse(1, 2, "itself"), "other");
        var after = Reconciler.step(step.state(), other, NOW);
        assertThat(Objects.requireNonNull(after.state().unit("a")).outdated()).isTrue();
        assertThat(all(after, Effect.Signal.class)).as("it waits for a restart").isEmpty();
        assertThat(Objects.requireNonNull(
                                Reconciler.step(step.state(), same, NOW).state().unit("a"))
                        .outdated())
                .isFalse();
    }

    @Test
    @DisplayName("A08 found twice, by its record and by its nonce, it is still one, and not ended as its own rival")
    void a08FoundTwice() {
        var step = recovered(List.of(), alive(3, FIRST), alive(3, FIRST));
        assertThat(all(step, Effect.Adopt.class)).containsExactly(new Effect.Adopt("a", 3, FIRST));
        assertThat(all(step, Effect.Signal.class)).isEmpty();
    }

    @Test
    @DisplayName("A08 what a launch has started in a session of its own is no rival of that launch")
    void a08SessionOfItsOwn() {
        var step = recovered(List.of(), alive(3, FIRST), alive(3, SECOND));
        assertThat(all(step, Effect.Adopt.class)).containsExactly(new Effect.Adopt("a", 3, FIRST));
        assertThat(all(step, Effect.Signal.class)).isEmpty();
    }

    @Test
    @DisplayName("A08 without any accepted revision nothing is taken for deleted: what runs runs on, and is restarted")
    void a08NoRevision() {
        var record = record("a");
        var identity = Objects.requireNonNull(record.identity());
        var step = recovered(null, List.of(record), alive(1, identity));
        assertThat(all(step, Effect.Adopt.class)).containsExactly(new Effect.Adopt("a", 1, identity));
        assertThat(all(step, Effect.Signal.class)).isEmpty();
        step = Reconciler.step(step.state(), new Event.Resync(), NOW);
        assertThat(all(step, Effect.Signal.class)).isEmpty();
        var crashed = Reconciler.step(step.state(), new Event.ProcessExited("a", 1, new ExitStatus.Code(1)), NOW);
        assertThat(all(crashed, Effect.Forget.class)).isEmpty();
        var cleared = Reconciler.step(crashed.state(), new Event.Cleared("a", 1, true, List.of()), NOW);
        assertThat(all(cleared, Effect.Forget.class)).isEmpty();
        assertThat(all(cleared, Effect.SetTimer.class)).hasSize(1);

        // The next revision decides, as any other.
        var gone = Reconciler.step(step.state(), new Event.SpecAccepted(revision(Bench.process("b"))), NOW);
        assertThat(all(gone, Effect.Signal.class)).hasSize(1);
    }

    @Test
    @DisplayName("A08 without any accepted revision a process of which no record is left is reported and left alone")
    void a08NoRevisionNoRecord() {
        var step = recovered(null, List.of(), alive(1, FIRST));
        assertThat(all(step, Effect.Signal.class)).isEmpty();
        assertThat(all(step, Effect.EmitEvent.class))
                .extracting(Effect.EmitEvent::reason)
                .containsExactly("OrphanFound");
    }

    @Test
    @DisplayName("A07 of two launches of one name the later one stays")
    void a07LaterStays() {
        var step = recovered(List.of(), alive(3, FIRST), alive(4, SECOND));
        assertThat(all(step, Effect.Adopt.class)).containsExactly(new Effect.Adopt("a", 4, SECOND));
        assertThat(all(step, Effect.Signal.class)).containsExactly(new Effect.Signal("a", 3, FIRST, "KILL"));
    }
}
