package mlxstack.scoring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import mlxstack.scoring.MlxStackFormula.Intent;
import mlxstack.scoring.MlxStackFormula.Score;
import mlxstack.scoring.MlxStackWorld.Figures;
import mlxstack.scoring.MlxStackWorld.Profile;
import mlxstack.scoring.MlxStackWorld.Row;
import org.jspecify.annotations.Nullable;

/**
 * How mlx-stack's {@code setup} chose, without the hub: from its benchmark table, int4 only, as if no model knew tools
 * (the table does not say), unknown quality as one half, unknown memory as none, and figures of another machine as they
 * are. Stateless.
 */
final class MlxStackSetup {

    private static final double UNKNOWN_QUALITY = .5;

    private MlxStackSetup() {}

    /** @param memory GB; 0 when not known */
    record Ranked(String repo, Score score, double generation, double memory) {}

    /** @param tiers {@code standard} and, if both fit the budget together, {@code fast}: hub names by tier */
    record Picks(List<Ranked> ranked, SequencedMap<String, String> tiers) {}

    static Picks recommend(MlxStackWorld data, Profile profile, Intent intent, double budget) {
        var ranked = new ArrayList<Ranked>();
        var seen = new HashSet<String>();
        for (Row row : data.overlay()) {
            String base = row.repo().replaceFirst("-4bits?$", "");
            if (base.equals(row.repo()) || !seen.add(base)) {
                continue;
            }
            Figures figures = figures(row, profile);
            double memory = figures == null ? 0 : figures.memory();
            if (figures == null ? row.params() > 1.5 * budget : memory > budget) {
                continue;
            }
            double generation = figures == null ? 0 : figures.generation();
            var score = MlxStackFormula.score(
                    intent, generation, row.quality().orElse(UNKNOWN_QUALITY), false, memory, budget);
            ranked.add(new Ranked(row.repo(), rounded(score), generation, memory));
        }
        ranked.sort(Comparator.comparingDouble(each -> -each.score().composite()));
        return new Picks(List.copyOf(ranked), tiers(ranked, budget));
    }

    private static @Nullable Figures figures(Row row, Profile profile) {
        Figures exact = row.benchmarks().get(profile.id());
        if (exact != null || row.benchmarks().isEmpty()) {
            return exact;
        }
        return row.benchmarks().firstEntry().getValue();
    }

    private static Score rounded(Score score) {
        return new Score(
                score.speed(),
                score.quality(),
                score.tools(),
                score.memory(),
                Math.round(score.composite() * 10_000) / 10_000.0);
    }

    private static SequencedMap<String, String> tiers(List<Ranked> ranked, double budget) {
        var tiers = new LinkedHashMap<String, String>();
        if (ranked.isEmpty()) {
            return tiers;
        }
        Ranked best = ranked.getFirst();
        tiers.put("standard", best.repo());
        ranked.stream()
                .skip(1)
                .reduce((a, b) -> b.generation() > a.generation() ? b : a)
                .filter(fastest -> best.memory() + fastest.memory() <= budget)
                .ifPresent(fastest -> tiers.put("fast", fastest.repo()));
        return tiers;
    }
}
