package mlxstack.bench;

/**
 * Prompts of a length, each unlike every other from its first word on, so that no server can take one from its prefix
 * cache. Pure: the same number gives the same prompt.
 */
final class Prompt {

    private static final String[] WORDS = {
        "harbour", "winter", "ledger", "signal", "garden", "copper", "journey", "window", "measure", "river", "castle",
        "engine", "quiet", "orange", "summit", "paper", "thunder", "meadow", "anchor", "market", "velvet", "bridge",
        "candle", "planet", "forest", "silver", "pocket", "island", "carbon", "mirror", "saddle", "puzzle"
    };

    private static final String TASK =
            "Below is a list of words. Write a long story that uses as many of them as you can.";

    private Prompt() {}

    /** @param number of the request */
    static String of(int words, long number) {
        var text = new StringBuilder("Note ").append(number).append(". ").append(TASK);
        long seed = number;
        for (int i = 0; i < words; i++) {
            seed = seed * 6364136223846793005L + 1442695040888963407L;
            text.append(' ').append(WORDS[(int) (seed >>> 33) % WORDS.length]);
        }
        return text.toString();
    }
}
