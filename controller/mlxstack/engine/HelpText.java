package mlxstack.engine;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What a program says of its own flags.
 *
 * @param text as printed for {@code --help}; empty when it could not be had
 */
record HelpText(String text) {

    static final HelpText NONE = new HelpText("");

    boolean lists(String flag) {
        return Pattern.compile("(?<![\\w-])" + Pattern.quote(flag) + "(?![\\w-])")
                .matcher(text)
                .find();
    }

    /** The values a flag takes, as in {@code --flag {a,b}}; empty when any value may do, or nobody knows. */
    List<String> choices(String flag) {
        var match = Pattern.compile("(?<![\\w-])" + Pattern.quote(flag) + "[ =]\\s*\\{([^}]*)}")
                .matcher(text);
        return match.find() ? List.of(match.group(1).replaceAll("\\s+", "").split(",")) : List.of();
    }
}
