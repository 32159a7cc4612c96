package mlxstack.pull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A hub's token and where it was found. Prints only the latter.
 *
 * @param origin such as {@code the variable HF_TOKEN}
 */
public record HubToken(String secret, String origin) {

    /** The token of a variable; null when that is empty. */
    public static @Nullable HubToken ofVariable(String name, Map<String, String> environment) {
        String secret = clean(environment.getOrDefault(name, ""));
        return secret.isEmpty() ? null : new HubToken(secret, "the variable " + name);
    }

    /** The token in a file; null when there is none. */
    public static @Nullable HubToken ofFile(Path file) {
        try {
            String secret = clean(Files.readString(file));
            return secret.isEmpty() ? null : new HubToken(secret, "the file " + file);
        } catch (IOException e) {
            return null;
        }
    }

    /** A header takes no line ends. */
    private static String clean(String text) {
        return text.replace("\r", "").replace("\n", "").strip();
    }

    @Override
    public String toString() {
        return "token of " + origin;
    }
}
