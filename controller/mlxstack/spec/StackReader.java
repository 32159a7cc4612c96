package mlxstack.spec;

import java.util.ArrayList;
import java.util.Map;

/**
 * Makes the stack of a tree. Fields the schema has refused are read as if they were missing, so that the mistakes of
 * the others come out at the same time; the result counts only if there are no problems at all. Confined to one parse.
 */
record StackReader(Values values, Env env) {

    private static final Node NOTHING = new Node.Mapping(1, 1, Map.of());

    Stack read(Cursor root) {
        var spec = root.field("spec");
        var memory = spec.field("memory");
        var defaults = spec.field("defaults");
        var gateway = new GatewayReader(values);
        var gatewaySpec = gateway.gateway(spec);

        var workloads = new ArrayList<Workload>();
        var reader = new WorkloadReader(values, env, memory.present());
        var base = settingsGood(defaults) ? defaults : Cursor.root(NOTHING);
        spec.field("endpoints").items().forEach(at -> workloads.add(reader.endpoint(at.over(base))));
        spec.field("processes").items().forEach(at -> workloads.add(reader.process(at.over(base))));
        if (gatewaySpec.engine() != Gateway.Engine.NONE) {
            workloads.add(WorkloadReader.gateway(gatewaySpec, base, values));
        }
        var providers = gateway.providers(spec.field("providers"));
        if (gatewaySpec.engine() == Gateway.Engine.LITELLM) {
            workloads.add(LitellmReader.pattern(gatewaySpec, providers, workloads, base, values));
        }
        var metadata = root.field("metadata");
        return new Stack(
                metadata.field("name").text(""),
                values.textMap(metadata.field("labels")),
                values.textMap(metadata.field("annotations")),
                memory.present()
                        ? new MemoryPolicy(
                                values.share(memory.field("budget"), Defaults.BUDGET),
                                values.share(memory.field("reserve"), Defaults.RESERVE))
                        : null,
                workloads,
                providers,
                gatewaySpec,
                Previews.of(root));
    }

    /** Reads the defaults for themselves, so that their mistakes are told once and not by every workload. */
    private boolean settingsGood(Cursor defaults) {
        int before = values.problems().count();
        new PolicyReader(values).read(defaults, Probes.NONE, Policy.KillMode.SESSION, null);
        return values.sound(defaults) && values.problems().count() == before;
    }
}
