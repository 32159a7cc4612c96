package mlxstack.setup;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mlxstack.scoring.Recommendation;
import mlxstack.scoring.Recommendation.Placement;
import mlxstack.scoring.Role;
import mlxstack.spec.EngineKind;
import mlxstack.spec.Quantities;

/** What a recommendation is as a stack file. Pure. */
public final class Drafts {

    private static final long MIB = 1L << 20;
    static final List<String> ORDINALS = List.of("primary", "secondary", "tertiary");

    private Drafts() {}

    /** How endpoints are called: names are the user's own, these are where they begin. */
    public enum Naming {
        /** {@code primary}, {@code secondary}, {@code tertiary}, {@code endpoint-4} … */
        ORDINAL,
        /** As mlx-stack has it: {@code standard}, {@code fast}, {@code longctx}, {@code added-1} … */
        TIERS,
        /** By the leading role: {@code main}, {@code fast}, {@code embed} … */
        ROLES
    }

    /** @param engine of everything in MLX form; GGUF is served by llama-server */
    public static List<Draft.Endpoint> endpoints(Recommendation recommendation, Naming naming, EngineKind engine) {
        var endpoints = new ArrayList<Draft.Endpoint>();
        var used = new HashSet<String>();
        for (Placement each : recommendation.stack()) {
            endpoints.add(endpoint(each, name(naming, each, endpoints.size(), used), engine));
        }
        return endpoints;
    }

    static Draft.Endpoint endpoint(Placement placed, String name, EngineKind engine) {
        var source = placed.form().source();
        var kind = source.format().servedBy(engine) ? engine : EngineKind.LLAMA_SERVER;
        boolean gguf = kind == EngineKind.LLAMA_SERVER;
        String model = placed.form().model().id() + ":" + source.quant();
        var args = new ArrayList<String>();
        if (placed.roles().contains(Role.EMBED)) {
            args.add("--embeddings");
        } else if (placed.roles().contains(Role.RERANK)) {
            args.add("--reranking");
        }
        long bytes = (placed.need().total() + MIB - 1) / MIB * MIB;
        return new Draft.Endpoint(
                name,
                List.of(),
                placed.form().model().name(),
                kind.yamlName(),
                model,
                null,
                Quantities.render(bytes),
                placed.contextWindow(),
                placed.concurrency() > 1 ? (Integer) placed.concurrency() : null,
                gguf ? args : List.of(),
                placed.roles().stream().map(Role::text).toList());
    }

    private static String name(Naming naming, Placement placed, int index, Set<String> used) {
        String wanted = switch (naming) {
            case ORDINAL -> index < ORDINALS.size() ? ORDINALS.get(index) : "endpoint-" + (index + 1);
            case ROLES -> placed.roles().getFirst().text();
            case TIERS ->
                switch (placed.roles().getFirst()) {
                    case MAIN, PLANNER, CODER, CHAT -> "standard";
                    case FAST -> "fast";
                    case SUMMARIZE -> "longctx";
                    case REVIEW, VISION, EMBED, RERANK -> "added-1";
                };
        };
        String name = wanted;
        for (int i = 1; !used.add(name); i++) {
            name = naming == Naming.TIERS ? "added-" + i : wanted + "-" + (i + 1);
        }
        return name;
    }
}
