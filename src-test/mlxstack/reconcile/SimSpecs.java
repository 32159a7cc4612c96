package mlxstack.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import mlxstack.spec.Dependency;
import mlxstack.spec.EngineKind;
import mlxstack.spec.ExecAction;
import mlxstack.spec.Flapping;
import mlxstack.spec.Gateway;
import mlxstack.spec.LogPolicy;
import mlxstack.spec.MemoryPolicy;
import mlxstack.spec.Policy;
import mlxstack.spec.Probe;
import mlxstack.spec.Probes;
import mlxstack.spec.Quantity;
import mlxstack.spec.RestartPolicy;
import mlxstack.spec.Rollout;
import mlxstack.spec.Stack;
import mlxstack.spec.Template;
import mlxstack.spec.Workload;

/** Random but valid stacks for the simulation, small durations so that much happens in little virtual time. */
final class SimSpecs {

    static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f", "g");

    /** With those that nobody writes. */
    static final List<String> EVERY =
            Stream.concat(NAMES.stream(), Workload.LITELLM_TURNS.stream()).toList();

    private SimSpecs() {}

    static Revision revision(Random random, long number, Instant at) {
        int count = 5 + random.nextInt(NAMES.size() - 4);
        var names = new ArrayList<>(NAMES);
        java.util.Collections.shuffle(names, random);
        var chosen = new ArrayList<>(names.subList(0, count));
        java.util.Collections.sort(chosen);
        var workloads = new ArrayList<Workload>();
        for (int i = 0; i < chosen.size(); i++) {
            workloads.add(workload(random, chosen, i));
        }
        boolean litellm = random.nextInt(3) > 0;
        if (litellm) {
            workloads.add(litellm(random));
        }
        var memory = random.nextInt(3) == 0 ? null : new MemoryPolicy(new Quantity.Bytes(10), new Quantity.Bytes(0));
        var stack = new Stack(
                "sim",
                Map.of(),
                Map.of(),
                memory,
                workloads,
                List.of(),
                new Gateway(litellm ? Gateway.Engine.LITELLM : Gateway.Engine.BUILTIN, "127.0.0.1", 4000),
                List.of());
        return new Revision(number, "%064x".formatted(random.nextLong()), at, null, "stack.yaml", stack);
    }

    /** What the two that take turns are made after. */
    private static Workload litellm(Random random) {
        var second = Duration.ofSeconds(1);
        var template = new Template(
                EngineKind.LITELLM,
                null,
                List.of(),
                List.of(),
                Map.of(),
                List.of(),
                null,
                null,
                List.of(),
                null,
                null,
                Map.of("litellm.yaml", "v" + random.nextInt(4)));
        var probe = new Probe(new Probe.Handler.Health(), Duration.ZERO, second, second, 1, 3);
        var policy = new Policy(
                new RestartPolicy(
                        RestartPolicy.When.ALWAYS,
                        new RestartPolicy.Backoff(second, 2, Duration.ofSeconds(20), 0.25, Duration.ofSeconds(30)),
                        Set.of(78)),
                new Flapping(0, Duration.ofMinutes(2), Duration.ofSeconds(30), Duration.ofMinutes(2)),
                new LogPolicy(1 << 20, 3),
                new Rollout(Rollout.Strategy.RECREATE, Duration.ofSeconds(40), false),
                new Probes(new Probe(new Probe.Handler.Health(), Duration.ZERO, second, second, 1, 20), probe, probe),
                Duration.ofSeconds(5),
                "TERM",
                new ExecAction(List.of("sleep", "1"), second),
                Policy.KillMode.SESSION,
                Long.valueOf(random.nextInt(3)));
        return new Workload(
                Workload.LITELLM,
                Workload.Kind.GATEWAY,
                null,
                Map.of(),
                List.of(),
                1,
                0,
                List.of(),
                template,
                "v1:" + template.hashCode(),
                policy,
                null,
                null);
    }

    private static Workload workload(Random random, List<String> names, int i) {
        String name = names.get(i);
        boolean endpoint = random.nextInt(2) == 0;
        int version = random.nextInt(3);
        var template = new Template(
                endpoint ? EngineKind.SIMULATOR : EngineKind.COMMAND,
                endpoint ? "m" : null,
                endpoint ? List.of() : List.of("run", name),
                List.of("v" + version),
                Map.of(),
                List.of(),
                null,
                endpoint && random.nextInt(3) == 0 ? Integer.valueOf(9000 + random.nextInt(3) + 10 * i) : null,
                List.of(),
                null,
                null,
                Map.of());
        var when = random.nextInt(4) > 0
                ? RestartPolicy.When.ALWAYS
                : random.nextBoolean() ? RestartPolicy.When.ON_FAILURE : RestartPolicy.When.NEVER;
        var second = Duration.ofSeconds(1);
        var probe = new Probe(new Probe.Handler.Tcp(null), Duration.ZERO, second, second, 1, 3);
        var startup = new Probe(new Probe.Handler.Model(), Duration.ZERO, second, second, 1, 20);
        var probes = switch (random.nextInt(3)) {
            case 0 -> Probes.NONE;
            case 1 -> new Probes(null, probe, probe);
            default -> new Probes(startup, probe, probe);
        };
        var policy = new Policy(
                new RestartPolicy(
                        when,
                        new RestartPolicy.Backoff(second, 2, Duration.ofSeconds(20), 0.25, Duration.ofSeconds(30)),
                        Set.of(78)),
                new Flapping(
                        random.nextInt(2) * 4, Duration.ofMinutes(2), Duration.ofSeconds(30), Duration.ofMinutes(2)),
                new LogPolicy(1 << 20, 3),
                new Rollout(Rollout.Strategy.RECREATE, Duration.ofSeconds(40), random.nextInt(2) == 0),
                probes,
                Duration.ofSeconds(5),
                "TERM",
                null,
                Policy.KillMode.ALL,
                endpoint ? Long.valueOf(1 + random.nextInt(4)) : null);
        var dependsOn = new ArrayList<Dependency>();
        if (i > 0 && random.nextInt(3) == 0) {
            dependsOn.add(new Dependency(
                    names.get(random.nextInt(i)),
                    random.nextBoolean() ? Dependency.Condition.READY : Dependency.Condition.STARTED));
        }
        return new Workload(
                name,
                endpoint ? Workload.Kind.ENDPOINT : Workload.Kind.PROCESS,
                "v" + random.nextInt(2),
                Map.of(),
                List.of(),
                random.nextInt(10) == 0 ? 0 : 1,
                random.nextInt(3),
                dependsOn,
                template,
                "v1:" + template.hashCode(),
                policy,
                null,
                null);
    }
}
