package mlxstack.scoring;

import java.util.List;
import java.util.SequencedMap;
import mlxstack.catalog.MemoryNeed;
import mlxstack.hardware.Hardware;

/**
 * Which models to run, and what speaks for and against each.
 *
 * @param wishes the roles that were to be filled, the leading one first, with the contexts they were given
 * @param shortened whether contexts had to be shorter than they should be, so that something fits
 * @param stack the models to run, the leading role's first; empty if nothing fits
 * @param ranked all that fit by themselves, one form each, by role and then by worth
 * @param leftOut by model id; those that fit too, if they are not in the stack
 * @param unfilled roles nothing was found for, and why
 */
public record Recommendation(
        Hardware machine,
        Intent intent,
        List<Wish> wishes,
        boolean shortened,
        Budget budget,
        List<Placement> stack,
        List<Ranked> ranked,
        SequencedMap<String, LeftOut> leftOut,
        SequencedMap<Role, String> unfilled) {

    /**
     * A model to run.
     *
     * @param roles it fills, the leading one first
     * @param contextWindow tokens of one conversation
     * @param concurrency conversations at one time
     */
    public record Placement(
            Form form, Speed speed, List<Role> roles, int contextWindow, int concurrency, MemoryNeed need) {}

    /**
     * @param role that it is ranked for: the first it can fill
     * @param need when it fills that role alone
     */
    public record Ranked(
            Form form, Role role, Speed speed, Worth worth, MemoryNeed need, boolean calls, boolean chosen) {}

    /** Bytes that the stack takes altogether. */
    public long used() {
        return stack.stream().mapToLong(each -> each.need().total()).sum();
    }
}
