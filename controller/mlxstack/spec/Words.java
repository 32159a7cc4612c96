package mlxstack.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A command line as people type it, written as the list a stack file wants. Pure. */
final class Words {

    private static final Pattern SHELL = Pattern.compile("[|&;<>$*?\"'`(){}\\\\~#\\[\\]\\p{Cntrl}]");
    private static final Pattern PLAIN = Pattern.compile("[-A-Za-z./_][-A-Za-z0-9./_=:@+]*(?<![:])");
    private static final List<String> OTHER = List.of("true", "false", "null", "-");

    private Words() {}

    /**
     * @param shell whether what only a shell understands may be given to one
     * @return null if that cannot be told
     */
    static @Nullable String list(String text, boolean shell) {
        if (text.isBlank()) {
            return null;
        }
        if (SHELL.matcher(text).find()) {
            return shell && text.chars().noneMatch(Character::isISOControl)
                    ? "[sh, -c, \"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"]"
                    : null;
        }
        var words = new ArrayList<String>();
        for (var word : text.strip().split("\\s+")) {
            words.add(PLAIN.matcher(word).matches() && !OTHER.contains(word) ? word : "\"" + word + "\"");
        }
        return "[" + String.join(", ", words) + "]";
    }
}
