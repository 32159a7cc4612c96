package mlxstack.source;

/** What accepting some bytes would do to what runs; decides how long they have to lie still. */
public enum Harm {
    /** Nothing would change: a comment, the order of keys. */
    NONE,
    /** Adds, or touches metadata and policy only. */
    GENTLE,
    /** Something would be restarted, stopped or deleted. */
    HARSH,
    /** Cannot be accepted at all; perhaps only half of it is written. */
    INVALID;

    boolean mayHurry() {
        return this == NONE || this == GENTLE;
    }
}
