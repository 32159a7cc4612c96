package mlxstack.spec;

/**
 * What the gateway keeps on disk, and for how long.
 *
 * @param ledgerDays at least 32, which a month's budget looks back
 * @param ledgerBytes of the ledger's file; the oldest requests go first
 * @param answers where answers of Responses are kept that clients go on from
 * @param answerDays since a conversation was last gone on with
 * @param answerBytes of all of them; the conversations that have rested longest go first
 */
public record Keeping(int ledgerDays, long ledgerBytes, Answers answers, int answerDays, long answerBytes) {

    public static final Keeping DEFAULT = new Keeping(90, 512L << 20, Answers.DISK, 30, 64L << 20);

    public enum Answers {
        /** They are there after a restart of the gateway. */
        DISK,
        MEMORY,
        /** None are. */
        NONE
    }
}
