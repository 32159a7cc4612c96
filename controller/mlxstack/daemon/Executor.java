package mlxstack.daemon;

import java.util.function.Consumer;
import java.util.function.Supplier;
import mlxstack.logs.LogStore;
import mlxstack.probe.Hooks;
import mlxstack.probe.Prober;
import mlxstack.process.Processes;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.State;
import mlxstack.spec.Workload;

/**
 * Hands each effect to whoever carries it out. Called on the loop's thread; what may take time goes to the lane of its
 * name, so that one name's effects happen in their order and nobody waits for another.
 */
final class Executor implements Consumer<Effect> {

    private final Lanes lanes;
    private final Persistence persistence;
    private final Launcher launcher;
    private final Processes processes;
    private final Prober prober;
    private final Hooks hooks;
    private final LogStore logs;
    private final GatewayConfig gateway;
    private final LitellmConfig litellm;
    private final Consumer<Effect.EmitEvent> teller;
    private final Supplier<State> state;

    /** @param state that the effects came with */
    Executor(
            Lanes lanes,
            Persistence persistence,
            Launcher launcher,
            Processes processes,
            Prober prober,
            Hooks hooks,
            LogStore logs,
            GatewayConfig gateway,
            LitellmConfig litellm,
            Consumer<Effect.EmitEvent> teller,
            Supplier<State> state) {
        this.lanes = lanes;
        this.persistence = persistence;
        this.launcher = launcher;
        this.processes = processes;
        this.prober = prober;
        this.hooks = hooks;
        this.logs = logs;
        this.gateway = gateway;
        this.litellm = litellm;
        this.teller = teller;
        this.state = state;
    }

    @Override
    public void accept(Effect effect) {
        switch (effect) {
            case Effect.StartProbe e -> prober.apply(e);
            case Effect.StopProbe e -> prober.apply(e);
            case Effect.Forget e -> {
                prober.apply(e);
                lanes.run(e.name(), () -> {
                    logs.forget(e.name());
                    persistence.forget(e.name());
                });
            }
            case Effect.Persist e -> lanes.run(e.name(), () -> persistence.write(e));
            case Effect.PersistStack e -> lanes.run("", () -> persistence.write(e));
            case Effect.Spawn e -> lanes.run(e.name(), () -> launcher.spawn(e));
            case Effect.Inspect e -> lanes.run(e.name(), () -> launcher.inspect(e));
            case Effect.Signal e ->
                lanes.run(e.name(), () -> processes.signal(e.name(), e.launch(), e.identity(), e.signal()));
            // Behind what the gateway is told of it, so that no new request comes.
            case Effect.PreStop e -> lanes.run(e.drainNanos() > 0 ? Workload.GATEWAY : e.name(), () -> hooks.apply(e));
            case Effect.Reload e -> lanes.run(e.name(), () -> hooks.apply(e));
            case Effect.Clear e ->
                lanes.run(e.name(), () -> {
                    logs.ended(e.name(), e.launch());
                    processes.clear(e);
                });
            case Effect.Adopt e -> {
                var unit = state.get().unit(e.name());
                Workload workload = unit == null ? null : unit.launched();
                lanes.run(e.name(), () -> {
                    if (workload != null) {
                        logs.resume(e.name(), e.launch(), workload);
                    }
                    processes.adopt(e.name(), e.launch(), e.identity());
                });
            }
            // In the gateway's own lane: it is not started before it has something to read.
            case Effect.WriteGatewayConfig e -> lanes.run(Workload.GATEWAY, () -> gateway.write(e));
            case Effect.WriteLitellmConfig e -> lanes.run(e.name(), () -> litellm.write(e));
            case Effect.EmitEvent e -> lanes.run(e.name() == null ? "" : e.name(), () -> teller.accept(e));
            case Effect.SetTimer _, Effect.CancelTimer _ ->
                throw new IllegalStateException("timers are the loop's own");
        }
    }
}
