package mlxstack.cli;

import java.util.stream.Stream;
import mlxstack.spec.Suggestions;

/** Finds what somebody probably meant. */
final class Nearest {

    private Nearest() {}

    /** {@code ; did you mean "describe"?} for something that is nearly {@code word}, or the only thing that begins so. */
    static String hint(String word, Stream<String> known) {
        var names = known.distinct().toList();
        var begun = names.stream()
                .filter(name -> word.length() > 1 && name.startsWith(word))
                .toList();
        return begun.size() == 1 ? "; did you mean \"" + begun.getFirst() + "\"?" : Suggestions.didYouMean(word, names);
    }
}
