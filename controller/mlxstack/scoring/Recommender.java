package mlxstack.scoring;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import mlxstack.bench.Benchmarks;
import mlxstack.catalog.CatalogModel;
import mlxstack.hardware.Hardware;
import mlxstack.scoring.Recommendation.Placement;
import org.jspecify.annotations.Nullable;

/** Chooses models for a machine. Deterministic; stateless. */
public final class Recommender {

    /** Contexts are halved down to this, if much is gained. */
    private static final int SHORTEST = 8192;

    private static final int MOST_HALVINGS = 2;
    /** What a choice keeps of its worth with half the context. */
    private static final double HALF_CONTEXT = .4;

    /** Contexts are doubled up to this, while memory is left. */
    private static final int LONGEST = 131072;

    private Recommender() {}

    /**
     * What is asked for.
     *
     * @param models to choose from
     * @param roles to fill, the leading one first; empty for those of the intent
     * @param context tokens of each conversation; null to leave it to the roles
     * @param concurrency conversations at one time; null to leave it to the intent
     * @param gated whether models may be chosen whose terms have to be accepted on the hub
     */
    public record Request(
            Hardware machine,
            List<CatalogModel> models,
            Benchmarks saved,
            Intent intent,
            List<Role> roles,
            Budget budget,
            @Nullable Integer context,
            @Nullable Integer concurrency,
            boolean gated) {

        public Request {
            models = List.copyOf(models);
            roles = List.copyOf(new LinkedHashSet<>(roles));
        }
    }

    public static Recommendation of(Request request) {
        Attempt best = attempt(request, wishes(request), 1);
        for (int halvings = 1; request.context() == null && halvings <= MOST_HALVINGS; halvings++) {
            int shift = halvings;
            var shorter = wishes(request).stream()
                    .map(wish -> wish.context(Math.min(wish.context(), Math.max(SHORTEST, wish.context() >> shift))))
                    .toList();
            var attempt = attempt(request, shorter, Math.pow(HALF_CONTEXT, halvings));
            best = attempt.better(best) ? attempt : best;
        }
        var stack = stack(best.field().fitting(), best.wishes(), best.found().chosen(), request);
        return new Recommendation(
                request.machine(),
                request.intent(),
                best.wishes(),
                best.share() < 1,
                request.budget(),
                stack,
                Ranking.ranked(
                        best.field().fitting(), best.wishes(), best.found().chosen()),
                Ranking.leftOut(best.field(), best.found().chosen()),
                unfilled(best.field(), best.wishes(), best.found().chosen()));
    }

    /** @param share of its worth that a choice keeps, for its contexts */
    private record Attempt(Field field, List<Wish> wishes, Search.Found found, double share) {

        boolean better(Attempt other) {
            return found.leads() == other.found().leads()
                    ? found.worth() * share > other.found().worth() * other.share()
                    : found.leads();
        }
    }

    private static Attempt attempt(Request request, List<Wish> wishes, double share) {
        var field = new Field(request, wishes);
        var found = new Search(field.fitting(), wishes, request.budget().bytes()).run();
        return new Attempt(field, wishes, found, share);
    }

    private static List<Wish> wishes(Request request) {
        var wishes = new ArrayList<Wish>();
        var intent = request.intent();
        intent.weights(request.roles()).forEach((role, weight) -> {
            boolean tools = role.tools() == Role.Tools.WANTED && intent.agents();
            int context = request.context() != null && role.speaks() ? request.context() : role.context();
            int concurrency = request.concurrency() != null ? request.concurrency() : intent.concurrency();
            wishes.add(new Wish(role, weight, tools, context, role.speaks() ? concurrency : 1));
        });
        return List.copyOf(wishes);
    }

    private static List<Placement> stack(List<Candidate> all, List<Wish> wishes, int[] chosen, Request request) {
        SequencedMap<Candidate, List<Wish>> placed = new LinkedHashMap<>();
        for (int role = 0; role < chosen.length; role++) {
            if (chosen[role] >= 0) {
                placed.computeIfAbsent(all.get(chosen[role]), _ -> new ArrayList<>())
                        .add(wishes.get(role));
            }
        }
        var stack = new ArrayList<Placement>();
        placed.forEach((candidate, of) -> {
            int context = of.stream().mapToInt(Wish::context).max().orElseThrow();
            stack.add(placement(
                    candidate, of, Math.min(context, candidate.form().model().contextWindow())));
        });
        if (request.context() == null) {
            widen(stack, List.copyOf(placed.entrySet()), request.budget().bytes());
        }
        return List.copyOf(stack);
    }

    /** What memory is left goes to longer contexts: twice as much for each in turn, the leading role's first. */
    private static void widen(
            List<Placement> stack, List<java.util.Map.Entry<Candidate, List<Wish>>> placed, long budget) {
        boolean wider = true;
        while (wider) {
            wider = false;
            for (int i = 0; i < stack.size(); i++) {
                var candidate = placed.get(i).getKey();
                var now = stack.get(i);
                int most = now.roles().getFirst().speaks()
                        ? Math.min(LONGEST, candidate.form().model().contextWindow())
                        : now.contextWindow();
                int next = Math.min(2 * now.contextWindow(), most);
                var then = placement(candidate, placed.get(i).getValue(), next);
                long used =
                        stack.stream().mapToLong(each -> each.need().total()).sum();
                if (next > now.contextWindow()
                        && used - now.need().total() + then.need().total() <= budget) {
                    stack.set(i, then);
                    wider = true;
                }
            }
        }
    }

    private static Placement placement(Candidate candidate, List<Wish> of, int context) {
        int concurrency = of.stream().mapToInt(Wish::concurrency).max().orElseThrow();
        return new Placement(
                candidate.form(),
                candidate.speed(),
                of.stream().map(Wish::role).toList(),
                context,
                concurrency,
                candidate.need(context, concurrency));
    }

    private static SequencedMap<Role, String> unfilled(Field field, List<Wish> wishes, int[] chosen) {
        var unfilled = new LinkedHashMap<Role, String>();
        for (int role = 0; role < chosen.length; role++) {
            if (chosen[role] < 0) {
                unfilled.put(wishes.get(role).role(), Objects.requireNonNull(field.wouldDo(role)));
            }
        }
        return unfilled;
    }
}
