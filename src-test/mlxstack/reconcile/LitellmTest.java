package mlxstack.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mlxstack.spec.Env;
import mlxstack.spec.MemoryEstimator;
import mlxstack.spec.StackFile;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whose turn it is. */
class LitellmTest {

    private static final String A = "gateway-litellm-a";
    private static final String B = "gateway-litellm-b";

    private State state = State.initial(new StackRecord("home", 7, java.util.Map.of(), null, null));
    private final List<Effect> effects = new ArrayList<>();
    private long revisions;
    private long pids = 100;

    private void send(Event event) {
        var step = Reconciler.step(state, event, Units.now());
        state = step.state();
        effects.clear();
        effects.addAll(step.effects());
    }

    private void accept(String gateway) {
        accept(gateway, "");
    }

    private void accept(String gateway, String memory) {
        String text = """
                apiVersion: mlxstack.dev/v1
                kind: Stack
                metadata: {name: test}
                spec:
                  endpoints: [{name: fast, engine: simulator}, {name: deep, engine: simulator, port: 9000}]
                  gateway: {%s}
                %s
                """.formatted(gateway, memory);
        var stack = new StackFile()
                .parse(
                        text.getBytes(StandardCharsets.UTF_8),
                        Path.of("/etc/stack.yaml"),
                        new Env(Path.of("/home/ada"), MemoryEstimator.none(), _ -> ""));
        assertThat(stack.isValid()).as(stack.toString()).isTrue();
        revisions++;
        send(new Event.SpecAccepted(new Revision(
                revisions, "%064x".formatted(revisions), Units.NOW, null, "/etc/stack.yaml", stack.get())));
    }

    private static String routed(String name) {
        return "engine: litellm, routes: [{name: %s, match: {model: m}, backends: [{endpoint: fast}]}]".formatted(name);
    }

    private Unit unit(String name) {
        return java.util.Objects.requireNonNull(state.unit(name), name);
    }

    private void spawn(String name) {
        send(new Event.ProcessSpawned(name, unit(name).launch(), new Identity("boot-1", pids++, 5), "cmd"));
    }

    private void ready(String name) {
        spawn(name);
        probed(name);
    }

    private void probed(String name) {
        send(new Event.ProbeResult(
                name, unit(name).launch(), mlxstack.spec.Probe.Kind.STARTUP, Event.Outcome.SUCCESS, ""));
        send(new Event.ProbeResult(
                name, unit(name).launch(), mlxstack.spec.Probe.Kind.READINESS, Event.Outcome.SUCCESS, ""));
    }

    private void gone(String name) {
        send(new Event.PreStopDone(name, unit(name).launch(), ""));
        send(new Event.ProcessExited(name, unit(name).launch(), new ExitStatus.Signal(15, "TERM", false)));
        send(new Event.Cleared(name, unit(name).launch(), true, List.of()));
    }

    private List<String> spawned() {
        return effects.stream()
                .filter(Effect.Spawn.class::isInstance)
                .map(Effect::name)
                .toList();
    }

    private Effect.Relay relay() {
        return java.util.Objects.requireNonNull(
                java.util.Objects.requireNonNull(state.gateway()).relay());
    }

    @Test
    @DisplayName("its file is written before it is started, with every endpoint's port, started or not")
    void theFirst() {
        accept("engine: litellm");
        assertThat(spawned()).contains(A).doesNotContain(B, "gateway-litellm");
        var file = (Effect.WriteLitellmConfig) effects.stream()
                .filter(Effect.WriteLitellmConfig.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertThat(file.name()).isEqualTo(A);
        assertThat(file.table().backends()).extracting(Effect.Backend::port).containsExactly(8000, 9000);
        assertThat(effects.indexOf(file))
                .isLessThan(effects.indexOf(effects.stream()
                        .filter(e -> e instanceof Effect.Spawn s && s.name().equals(A))
                        .findFirst()
                        .orElseThrow()));
        assertThat(unit(A).port()).isNotNull().isNotEqualTo(4000);
        assertThat(relay().name()).isEqualTo(A);
        assertThat(relay().availability()).isEqualTo(Effect.Availability.STARTING);
    }

    @Test
    @DisplayName(
            "a changed one starts beside the one that serves, takes over when it is Ready, and only then the old one ends")
    void aChange() {
        accept("engine: litellm");
        ready(A);
        accept(routed("new"));
        assertThat(spawned()).containsExactly(B);
        assertThat(unit(A).ready()).isTrue();
        assertThat(relay().name()).isEqualTo(A);

        spawn(B);
        assertThat(unit(A).ready()).isTrue();
        probed(B);
        assertThat(relay().name()).isEqualTo(B);
        assertThat(relay().availability()).isEqualTo(Effect.Availability.READY);
        assertThat(effects.indexOf(state.gateway()))
                .as("nothing more is sent to who is about to go")
                .isLessThan(effects.indexOf(effects.stream()
                        .filter(Effect.PreStop.class::isInstance)
                        .findFirst()
                        .orElseThrow()));
        gone(A);
        assertThat(state.unit(A)).isNull();

        accept(routed("newer"));
        assertThat(spawned()).containsExactly(A);
    }

    @Test
    @DisplayName("what only the front looks at needs no new one")
    void keysAndMatches() {
        accept(routed("r"));
        ready(A);
        accept(
                "engine: litellm, keys: [{name: k, secret: {env: K}}], routes: [{name: r, match: {model: other}, backends: [{endpoint: fast}]}]");
        assertThat(spawned()).isEmpty();
        assertThat(state.unit(B)).isNull();
        assertThat(effects).anyMatch(Effect.WriteGatewayConfig.class::isInstance);
    }

    @Test
    @DisplayName("one that serves nobody is replaced where it is; changes on the way never make a third")
    void changesOnTheWay() {
        accept("engine: litellm");
        spawn(A);
        accept(routed("one"));
        assertThat(state.unit(B)).isNull();
        assertThat(unit(A).phase()).isInstanceOf(Phase.Stopping.class);
        gone(A);
        ready(A);

        accept(routed("two"));
        spawn(B);
        accept(routed("three"));
        assertThat(unit(A).ready()).isTrue();
        assertThat(unit(B).phase()).isInstanceOf(Phase.Stopping.class);
        accept(routed("one"));
        assertThat(state.desired().containsKey(B)).as("back to what serves").isFalse();
        assertThat(unit(A).ready()).isTrue();
    }

    @Test
    @DisplayName("without the memory for both the old one goes first")
    void noRoomForTwo() {
        send(new Event.MemoryObserved(1L << 30));
        String tight = "  memory: {budget: 700Mi}";
        accept("engine: litellm", tight);
        ready(A);
        accept(routed("new"), tight);
        assertThat(unit(A).phase()).isInstanceOf(Phase.Stopping.class);
        gone(A);
        assertThat(spawned()).containsExactly(B);
    }

    @Test
    @DisplayName("another engine ends both")
    void anotherEngine() {
        accept("engine: litellm");
        ready(A);
        accept("engine: builtin");
        assertThat(unit(A).phase()).isInstanceOf(Phase.Stopping.class);
        assertThat(java.util.Objects.requireNonNull(state.gateway()).relay()).isNull();
    }
}
