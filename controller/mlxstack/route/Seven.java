package mlxstack.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * LiteLLM's complexity score, with its published weights, words and boundaries: seven dimensions of the last message of
 * the user. It tells how a text is worded and not how hard it is to answer well. Stateless.
 */
public final class Seven {

    /** Characters looked at; a text far longer is long, whatever comes then. */
    private static final int LOOKED_AT = 64 * 1024;

    private static final int CHARS_PER_TOKEN = 4;
    private static final int SHORT = 15;
    private static final int LONG = 400;
    private static final int MANY_QUESTIONS = 3;

    private static final double SIMPLE_MEDIUM = 0.15;
    private static final double MEDIUM_COMPLEX = 0.35;
    private static final double COMPLEX_REASONING = 0.60;

    private Seven() {}

    /** LiteLLM's names, and the level each stands for here; nothing in a text says that a request is trivial. */
    public enum Tier {
        SIMPLE("simple"),
        MEDIUM(Levels.STANDARD),
        COMPLEX("complex"),
        REASONING("expert");

        private final String level;

        Tier(String level) {
            this.level = level;
        }

        public String level() {
            return level;
        }
    }

    /**
     * @param signals the dimensions that counted, such as {@code code}; none for the commonest score, 0
     * @param override whether the markers of reasoning decided, and not the score
     */
    public record Score(Tier tier, double value, boolean override, List<String> signals) {
        public Score {
            signals = List.copyOf(signals);
        }
    }

    public static Score score(String whole) {
        int tokens = whole.codePointCount(0, whole.length()) / CHARS_PER_TOKEN;
        var text = (whole.length() > LOOKED_AT ? whole.substring(0, LOOKED_AT) : whole).toLowerCase(Locale.ROOT);
        var words = SevenWords.wordsOf(text);
        int code = SevenWords.CODE.count(words, text);
        int reasoning = SevenWords.REASONING.count(words, text);
        int technical = SevenWords.TECHNICAL.count(words, text);
        int simple = SevenWords.SIMPLE.count(words, text);
        boolean steps = Steps.in(text);
        boolean questions = text.chars().filter(c -> c == '?').count() > MANY_QUESTIONS;

        var signals = new ArrayList<String>();
        double value = 0;
        value += 0.10 * note(tokens < SHORT ? -1 : tokens > LONG ? 1 : 0, tokens < SHORT ? "short" : "long", signals);
        value += 0.30 * note(code >= 2 ? 1 : code == 1 ? 0.5 : 0, "code", signals);
        value += 0.25 * note(reasoning >= 2 ? 1 : reasoning == 1 ? 0.7 : 0, "reasoning", signals);
        value += 0.25 * note(technical >= 4 ? 1 : technical >= 2 ? 0.5 : 0, "technical", signals);
        value += 0.05 * note(simple >= 1 ? -1 : 0, "simple_words", signals);
        value += 0.03 * note(steps ? 0.5 : 0, "multi_step", signals);
        value += 0.02 * note(questions ? 0.5 : 0, "questions", signals);

        boolean override = reasoning >= 2 && value >= SIMPLE_MEDIUM;
        return new Score(override ? Tier.REASONING : tier(value), value, override, signals);
    }

    private static double note(double raw, String signal, List<String> signals) {
        if (raw != 0) {
            signals.add(signal);
        }
        return raw;
    }

    private static Tier tier(double value) {
        if (value < SIMPLE_MEDIUM) {
            return Tier.SIMPLE;
        }
        if (value < MEDIUM_COMPLEX) {
            return Tier.MEDIUM;
        }
        return value < COMPLEX_REASONING ? Tier.COMPLEX : Tier.REASONING;
    }
}
