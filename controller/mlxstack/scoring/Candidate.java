package mlxstack.scoring;

import java.util.List;
import mlxstack.catalog.MemoryNeed;
import org.jspecify.annotations.Nullable;

/**
 * One form of a model on one machine, with what it is worth in each of the roles wanted.
 *
 * @param worths by role, in the order of the wishes; null where it cannot fill it
 */
record Candidate(Form form, Speed speed, List<Wish> wishes, List<@Nullable Worth> worths) implements Search.Option {

    @Override
    public double worth(int role) {
        var worth = worths.get(role);
        return worth == null ? -1 : worth.total() * wishes.get(role).weight();
    }

    @Override
    public boolean alike(Search.Option other) {
        return other instanceof Candidate candidate
                && candidate.form().model().id().equals(form.model().id());
    }

    @Override
    public long bytes(int context, int concurrency) {
        return need(context, concurrency).total();
    }

    /** Of the context that is wanted, what the model has. */
    MemoryNeed need(int context, int concurrency) {
        return Needs.of(form, speed, Math.min(context, form.model().contextWindow()), concurrency);
    }

    MemoryNeed alone(int role) {
        return need(wishes.get(role).context(), wishes.get(role).concurrency());
    }

    /** The first role it can fill; -1 for none. */
    int firstRole() {
        for (int role = 0; role < worths.size(); role++) {
            if (worths.get(role) != null) {
                return role;
            }
        }
        return -1;
    }

    /** Whether it is worth at least as much in every role that {@code other} can fill, and takes no more memory there. */
    boolean dominates(Candidate other) {
        for (int role = 0; role < worths.size(); role++) {
            if (other.worth(role) >= 0
                    && (worth(role) < other.worth(role)
                            || alone(role).total() > other.alone(role).total())) {
                return false;
            }
        }
        return true;
    }
}
