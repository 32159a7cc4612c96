package mlxstack.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mlxstack.spec.EnvValue;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what looks like a secret out of the journal, which people send to each other. Real secrets are references and
 * never get here; this is about text that a user wrote into the stack file all the same.
 *
 * <p>Equal values become equal texts ({@code redacted-1}, …) and different ones different texts, so that a replay sees a
 * change where there was one. Which is which is known to this object alone.
 *
 * <p>Confined to one thread.
 */
final class Redaction implements Mask {

    private static final Pattern NAME = Pattern.compile(
            "KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|AUTHORIZATION|COOKIE", Pattern.CASE_INSENSITIVE);
    /** {@code --api-key}, and not {@code --max-tokens} or {@code --tokenizer}. */
    private static final Pattern OPTION = Pattern.compile(
            "-{1,2}(?:[a-z0-9]+[-_])*(?:[a-z]*key|token|secret|password|passwd|passphrase|credentials?)(=.*)?",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern HEADER = Pattern.compile(
            "(?:[a-z0-9-]*(?:authorization|key|token|secret|cookie))\\s*:.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern ADDRESS =
            Pattern.compile("[a-z][a-z0-9+.-]*://[^/\\s@]+@.*", Pattern.CASE_INSENSITIVE);

    private final Map<String, String> seen = new HashMap<>();

    @Override
    public Object value(String key, Object value) {
        return switch (value) {
            case EnvValue.Text(String text) -> new EnvValue.Text(named(key, text));
            case String text -> named(key, text);
            default -> value;
        };
    }

    private String named(String key, String text) {
        return NAME.matcher(key).find() ? redacted(text) : plain(text);
    }

    @Override
    public List<String> words(List<String> words) {
        List<String> changed = null;
        boolean next = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            Matcher option = OPTION.matcher(word);
            String shown;
            if (option.matches()) {
                String value = option.group(1);
                shown = value == null ? word : word.substring(0, option.start(1) + 1) + redacted(value.substring(1));
                next = value == null;
            } else {
                // What follows an option that takes a secret, unless it is the next option.
                shown = next && !word.startsWith("-") ? redacted(word) : plain(word);
                next = false;
            }
            changed = replace(words, changed, i, shown);
        }
        return changed == null ? words : changed;
    }

    private static @Nullable List<String> replace(
            List<String> words, @Nullable List<String> changed, int index, String shown) {
        if (shown.equals(words.get(index))) {
            return changed;
        }
        List<String> copy = changed == null ? new ArrayList<>(words) : changed;
        copy.set(index, shown);
        return copy;
    }

    /** Under whatever name it stands: an address with a password in it, a header that carries one. */
    private String plain(String text) {
        return ADDRESS.matcher(text).matches() || HEADER.matcher(text).matches() ? redacted(text) : text;
    }

    private String redacted(String text) {
        if (text.isEmpty()) {
            return text;
        }
        String known = seen.get(text);
        if (known == null) {
            known = "redacted-" + (seen.size() + 1);
            seen.put(text, known);
        }
        return known;
    }
}
