package mlxstack.scoring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Predicate;
import mlxstack.scoring.MlxStackFormula.Intent;
import mlxstack.scoring.MlxStackFormula.Score;
import mlxstack.scoring.MlxStackWorld.Entry;
import mlxstack.scoring.MlxStackWorld.Figures;
import mlxstack.scoring.MlxStackWorld.Profile;
import org.jspecify.annotations.Nullable;

/**
 * How mlx-stack's {@code models --recommend} chose: each model against the budget by itself, the best score as
 * {@code standard}, the fastest of the rest as {@code fast}, one of a wrongly labelled architecture as {@code longctx}.
 * Stateless.
 */
final class MlxStackCatalog {

    private static final String LONG_CONTEXT = "mamba2-hybrid";
    private static final double LONG_CONTEXT_FROM = 16;

    /** Profiles that figures are scaled from, with their bandwidth; any other counts as 400. */
    private static final Map<String, Double> REFERENCES =
            Map.of("m4-pro-48", 273.0, "m4-max-128", 546.0, "m5-max-128", 546.0);

    private MlxStackCatalog() {}

    /** Where a model's figures come from. */
    enum Source {
        SAVED,
        CATALOG,
        ESTIMATE
    }

    /**
     * What a user has measured.
     *
     * @param memory GB; mlx-stack's own files always say 0
     */
    record Saved(double generation, double memory) {}

    record Ranked(Entry model, Score score, double generation, double memory, Source source) {}

    /**
     * @param ranked best first
     * @param tiers id of a model by name of a tier; fewer than three where nothing is left to choose
     */
    record Picks(List<Ranked> ranked, SequencedMap<String, String> tiers) {}

    /**
     * @param budget GB
     * @param free leaves out the models whose licence is to be accepted first
     * @param saved by model id
     */
    static Picks recommend(
            MlxStackWorld data, Profile profile, Intent intent, double budget, boolean free, Map<String, Saved> saved) {
        var ranked = new ArrayList<Ranked>();
        for (Entry model : data.catalog()) {
            if (free && model.gated()) {
                continue;
            }
            Ranked each = rank(model, profile, intent, budget, saved.get(model.id()));
            if (each != null && each.memory() <= budget) {
                ranked.add(each);
            }
        }
        ranked.sort(Comparator.<Ranked>comparingDouble(each -> -each.score().composite())
                .thenComparing(each -> each.model().id()));
        return new Picks(List.copyOf(ranked), tiers(ranked, budget));
    }

    private static @Nullable Ranked rank(
            Entry model, Profile profile, Intent intent, double budget, @Nullable Saved saved) {
        if (saved != null) {
            return ranked(model, intent, budget, saved.generation(), saved.memory(), Source.SAVED);
        }
        Figures exact = model.benchmarks().get(profile.id());
        if (exact != null) {
            return ranked(model, intent, budget, exact.generation(), exact.memory(), Source.CATALOG);
        }
        if (model.benchmarks().isEmpty()) {
            return null;
        }
        String reference = model.benchmarks().keySet().stream()
                .filter(REFERENCES::containsKey)
                .findFirst()
                .orElse(model.benchmarks().firstEntry().getKey());
        Figures there = model.benchmarks().getOrDefault(reference, new Figures(0, 0));
        double generation = there.generation() * (profile.bandwidth() / REFERENCES.getOrDefault(reference, 400.0));
        return ranked(model, intent, budget, generation, there.memory(), Source.ESTIMATE);
    }

    private static Ranked ranked(
            Entry model, Intent intent, double budget, double generation, double memory, Source source) {
        var score = MlxStackFormula.score(intent, generation, model.quality() / 100, model.tools(), memory, budget);
        return new Ranked(model, score, generation, memory, source);
    }

    private static SequencedMap<String, String> tiers(List<Ranked> ranked, double budget) {
        var tiers = new LinkedHashMap<String, String>();
        var used = new HashSet<String>();
        Predicate<Ranked> free = each -> !used.contains(each.model().id());
        ranked.stream().findFirst().ifPresent(best -> {
            tiers.put("standard", best.model().id());
            used.add(best.model().id());
        });
        ranked.stream()
                .filter(free)
                // The first of equals, as a stable sort would have it.
                .reduce((a, b) -> b.generation() > a.generation() ? b : a)
                .ifPresent(fastest -> {
                    tiers.put("fast", fastest.model().id());
                    used.add(fastest.model().id());
                });
        if (budget >= LONG_CONTEXT_FROM) {
            ranked.stream()
                    .filter(free)
                    .filter(each -> each.model().architecture().equals(LONG_CONTEXT))
                    .findFirst()
                    .ifPresent(each -> tiers.put("longctx", each.model().id()));
        }
        return tiers;
    }
}
