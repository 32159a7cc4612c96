package mlxstack.simulator;

import java.util.ArrayList;
import java.util.List;

/** What the simulator says. A token is a word with the space before it. Stateless: equal questions, equal answers. */
final class Words {

    private static final int LONGEST_ECHO = 40;
    private static final List<String> FILLER = List.of(
            " The", " quick", " brown", " fox", " jumps", " over", " the", " lazy", " dog", " and", " then", " it",
            " rests", " for", " a", " while", ".");

    private Words() {}

    /** @return the number of words, which is what this program bills as tokens */
    static int count(String text) {
        int words = 0;
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            boolean space = Character.isWhitespace(text.charAt(i));
            if (!space && !inside) {
                words++;
            }
            inside = !space;
        }
        return words;
    }

    /**
     * @param model of the request
     * @param said the last thing the user said
     * @param length tokens to answer with; negative for as many as it takes
     */
    static List<String> reply(String model, String said, int length) {
        var tokens = new ArrayList<String>();
        tokens.add("Hello");
        tokens.add(" from");
        tokens.add(" " + model + ".");
        tokens.add(" You");
        tokens.add(" said:");
        int echoed = 0;
        for (String word : said.strip().split("\\s+")) {
            if (echoed++ == LONGEST_ECHO) {
                tokens.add(" …");
                break;
            }
            tokens.add(" " + word);
        }
        if (length < 0) {
            return tokens;
        }
        for (int i = 0; tokens.size() < length; i++) {
            tokens.add(FILLER.get(i % FILLER.size()));
        }
        return List.copyOf(tokens.subList(0, length));
    }
}
