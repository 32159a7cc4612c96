package mlxstack.scoring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import mlxstack.catalog.CatalogModel;
import mlxstack.scoring.LeftOut.Crowding;
import mlxstack.scoring.LeftOut.Dominated;
import mlxstack.scoring.LeftOut.NoRoom;
import mlxstack.scoring.LeftOut.Outdone;
import mlxstack.scoring.Recommendation.Ranked;

/** The list behind a choice. Stateless. */
final class Ranking {

    private Ranking() {}

    /** One form of each model: the chosen one, else the one that was measured, else the one that is worth most. */
    static List<Ranked> ranked(List<Candidate> all, List<Wish> wishes, int[] chosen) {
        var best = new LinkedHashMap<String, Ranked>();
        for (int i = 0; i < all.size(); i++) {
            var candidate = all.get(i);
            int role = candidate.firstRole();
            boolean in = contains(chosen, i);
            var ranked = new Ranked(
                    candidate.form(),
                    wishes.get(role).role(),
                    candidate.speed(),
                    Objects.requireNonNull(candidate.worths().get(role)),
                    candidate.alone(role),
                    Worths.calls(candidate.form(), candidate.speed()),
                    in);
            // A model that is chosen in two forms has a line for each.
            best.merge(in ? candidate.form().label() : candidate.form().model().id(), ranked, Ranking::better);
        }
        var list = new ArrayList<>(best.values());
        list.removeIf(each -> !each.chosen() && list.stream().anyMatch(other -> other.chosen() && same(each, other)));
        list.sort(Comparator.comparingInt((Ranked each) -> order(wishes, each))
                .thenComparingDouble(each -> -each.worth().total())
                .thenComparing(Ranked::form, Form.ORDER));
        return List.copyOf(list);
    }

    private static boolean same(Ranked one, Ranked other) {
        return one.form().model().id().equals(other.form().model().id());
    }

    /** What was measured says more than what might be. */
    private static Ranked better(Ranked one, Ranked other) {
        boolean measured = one.speed().basis() == Speed.Basis.MEASURED;
        if (measured != (other.speed().basis() == Speed.Basis.MEASURED)) {
            return measured ? one : other;
        }
        return other.worth().total() > one.worth().total() ? other : one;
    }

    private static int order(List<Wish> wishes, Ranked ranked) {
        return wishes.stream().map(Wish::role).toList().indexOf(ranked.role());
    }

    private static boolean contains(int[] chosen, int option) {
        for (int each : chosen) {
            if (each == option) {
                return true;
            }
        }
        return false;
    }

    /** Of every model that is not chosen in any form, why. */
    static SequencedMap<String, LeftOut> leftOut(Field field, int[] chosen) {
        var all = field.fitting();
        var in = new ArrayList<Candidate>();
        for (int i = 0; i < all.size(); i++) {
            if (contains(chosen, i)) {
                in.add(all.get(i));
            }
        }
        var reasons = new LinkedHashMap<String, LeftOut>();
        for (CatalogModel model : field.models()) {
            var early = field.out().get(model.id());
            if (early != null) {
                reasons.put(model.id(), early);
            } else if (in.stream().noneMatch(each -> each.form().model().id().equals(model.id()))) {
                all.stream()
                        .filter(each -> each.form().model().id().equals(model.id()))
                        .max(Comparator.comparingDouble(Ranking::most))
                        .ifPresent(each -> reasons.put(model.id(), reason(each, all, in, chosen)));
            }
        }
        return reasons;
    }

    private static double most(Candidate candidate) {
        return Objects.requireNonNull(candidate.worths().get(candidate.firstRole()))
                .total();
    }

    private static LeftOut reason(Candidate candidate, List<Candidate> all, List<Candidate> in, int[] chosen) {
        for (Candidate each : in) {
            if (each.dominates(candidate)) {
                return new Dominated(each.form());
            }
        }
        Map.Entry<Integer, Candidate> outdone = null;
        for (int role = 0; role < chosen.length; role++) {
            if (candidate.worth(role) < 0 || chosen[role] < 0) {
                continue;
            }
            var there = all.get(chosen[role]);
            if (candidate.worth(role) > there.worth(role)) {
                return new Crowding(candidate.wishes().get(role).role());
            }
            outdone = outdone == null ? Map.entry(role, there) : outdone;
        }
        return outdone == null
                ? new NoRoom()
                : new Outdone(
                        outdone.getValue().form(),
                        candidate.wishes().get(outdone.getKey()).role());
    }
}
