package mlxstack.scoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The assignment of models to roles that is worth most within a budget: exact, by depth-first search with a bound. One
 * model may fill several roles: its memory is then counted once, for the longest context and the most conversations of
 * any of them. A role stays empty where nothing fits. Of equals the one that needs less memory, then the one that comes
 * first in the order of the options. Used once.
 */
final class Search {

    /** What each further process must be worth. */
    static final double EACH_MODEL = .01;
    /** What a role keeps of its worth where a model has another one as well: they wait for each other. */
    static final double SHARED = .9;

    /** The leading role is filled if it can be, whatever that costs the others. */
    private static final double LEADING = 1;

    private static final double SAME = 1e-9;
    private static final int NONE = -1;

    /** A model, as far as the search knows it. */
    interface Option {
        /** In a role, weighed; negative where it cannot fill it. */
        double worth(int role);

        /** Whether both are forms of one model: nobody runs it in two. */
        boolean alike(Option other);

        /** @param context tokens
         * @return bytes of the whole server */
        long bytes(int context, int concurrency);
    }

    private final List<? extends Option> options;
    private final List<Wish> wishes;
    private final long budget;
    private final int[][] order;
    private final int[] chosen;
    private int[] best;
    private double bestWorth = -1;
    private long bestBytes = Long.MAX_VALUE;

    Search(List<? extends Option> options, List<Wish> wishes, long budget) {
        this.options = options;
        this.wishes = wishes;
        this.budget = budget;
        this.chosen = new int[wishes.size()];
        this.best = new int[wishes.size()];
        Arrays.fill(chosen, NONE);
        Arrays.fill(best, NONE);
        this.order = new int[wishes.size()][];
        for (int role = 0; role < order.length; role++) {
            order[role] = descending(role);
        }
    }

    private int[] descending(int role) {
        var able = new ArrayList<Integer>();
        for (int i = 0; i < options.size(); i++) {
            if (options.get(i).worth(role) >= 0 && alone(i, role) <= budget) {
                able.add(i);
            }
        }
        able.sort(Comparator.comparingDouble(i -> -options.get(i).worth(role)));
        return able.stream().mapToInt(Integer::intValue).toArray();
    }

    private long alone(int option, int role) {
        return options.get(option)
                .bytes(wishes.get(role).context(), wishes.get(role).concurrency());
    }

    /**
     * @param chosen for each role the option that fills it, or -1
     * @param worth of all, without what counts for the leading role being filled
     */
    // Nobody asks whether two of them are equal.
    @SuppressWarnings("ArrayRecordComponent")
    record Found(int[] chosen, double worth) {

        boolean leads() {
            return chosen[0] != NONE;
        }
    }

    Found run() {
        descend(0, 0, 0);
        return new Found(best.clone(), best[0] == NONE ? bestWorth : bestWorth - LEADING);
    }

    private void descend(int role, double worth, long bytes) {
        if (role == wishes.size()) {
            if (worth > bestWorth + SAME || (worth > bestWorth - SAME && bytes < bestBytes)) {
                best = chosen.clone();
                bestWorth = worth;
                bestBytes = bytes;
            }
            return;
        }
        if (worth + bound(role, bytes) < bestWorth - SAME) {
            return;
        }
        for (int option : order[role]) {
            boolean further = !used(option, role);
            if (further && alike(option, role)) {
                continue;
            }
            chosen[role] = option;
            long total = bytes(role + 1);
            if (total <= budget) {
                double each = options.get(option).worth(role);
                double gain = further ? each - EACH_MODEL : each * SHARED;
                descend(role + 1, worth + gain + (role == 0 ? LEADING : 0), total);
            }
            chosen[role] = NONE;
        }
        descend(role + 1, worth, bytes);
    }

    /** The most that the roles from here on can add: each the best that fits beside what is chosen, or is chosen. */
    private double bound(int from, long bytes) {
        double most = from == 0 ? LEADING : 0;
        for (int role = from; role < wishes.size(); role++) {
            for (int option : order[role]) {
                if (used(option, from) || bytes + alone(option, role) <= budget) {
                    most += options.get(option).worth(role);
                    break;
                }
            }
        }
        return most;
    }

    private boolean alike(int option, int roles) {
        for (int role = 0; role < roles; role++) {
            if (chosen[role] != NONE && options.get(option).alike(options.get(chosen[role]))) {
                return true;
            }
        }
        return false;
    }

    private boolean used(int option, int roles) {
        for (int role = 0; role < roles; role++) {
            if (chosen[role] == option) {
                return true;
            }
        }
        return false;
    }

    /** Of everything chosen for the first {@code roles} roles. */
    private long bytes(int roles) {
        long total = 0;
        for (int role = 0; role < roles; role++) {
            int option = chosen[role];
            if (option != NONE && !used(option, role)) {
                total += bytes(option, role, roles);
            }
        }
        return total;
    }

    private long bytes(int option, int from, int roles) {
        int context = 0;
        int concurrency = 0;
        for (int role = from; role < roles; role++) {
            if (chosen[role] == option) {
                context = Math.max(context, wishes.get(role).context());
                concurrency = Math.max(concurrency, wishes.get(role).concurrency());
            }
        }
        return options.get(option).bytes(context, concurrency);
    }
}
