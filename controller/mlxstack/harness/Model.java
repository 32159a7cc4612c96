package mlxstack.harness;

import org.jspecify.annotations.Nullable;

/**
 * A name that the gateway answers to, and what is known of it.
 *
 * @param window tokens of prompt and answer together, as the server really runs; null: not known
 * @param from where the window is known from, for people
 * @param output tokens that one answer may have; null: not known
 */
public record Model(
        String name,
        @Nullable Integer window,
        String from,
        @Nullable Integer output) {

    /** Of the window; more leaves a conversation too little room, and servers limit an answer by the window alone. */
    private static final int SHARE = 4;

    private static final int MOST = 32_000;

    /** One whose server has no limit for answers of its own. */
    static Model of(String name, @Nullable Integer window, String from) {
        return new Model(name, window, from, window == null ? null : Math.min(MOST, window / SHARE));
    }

    int window(int unless) {
        return window == null ? unless : window;
    }

    int output(int unless) {
        return output == null ? unless : output;
    }
}
