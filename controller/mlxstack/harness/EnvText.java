package mlxstack.harness;

import io.vavr.control.Either;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lines of {@code NAME=value}, as {@code .env} files have them; the last of a name counts. */
final class EnvText implements Notation {

    private static final Pattern LINE =
            Pattern.compile("(?m)^[ \\t]*(?:export[ \\t]+)?([A-Za-z_][A-Za-z0-9_]*)=([^\\r\\n]*)");
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_./:@,;+=-]*");

    @Override
    public Either<Flaw, Map<String, @Nullable Object>> read(String text) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        Matcher line = LINE.matcher(text);
        while (line.find()) {
            map.put(line.group(1), value(line.group(2)));
        }
        return Either.right(map);
    }

    private static String value(String written) {
        String bare = written.strip();
        boolean quoted = bare.length() > 1
                && ((bare.startsWith("\"") && bare.endsWith("\"")) || (bare.startsWith("'") && bare.endsWith("'")));
        return quoted ? bare.substring(1, bare.length() - 1) : bare;
    }

    private static String name(List<Step> path) {
        if (path.size() == 1 && path.getFirst() instanceof Step.Key(String name)) {
            return name;
        }
        throw new IllegalArgumentException("an environment has no depth: " + Step.text(path));
    }

    private static @Nullable Matcher find(String text, String name) {
        Matcher last = null;
        Matcher line = LINE.matcher(text);
        while (line.find()) {
            if (line.group(1).equals(name)) {
                last = LINE.matcher(text);
                boolean _ = last.find(line.start());
            }
        }
        return last;
    }

    @Override
    public Either<Flaw, String> put(String text, List<Step> path, Object value) {
        String name = name(path);
        String plain = String.valueOf(value);
        String written = SAFE.matcher(plain).matches() ? plain : "\"" + plain + "\"";
        Matcher line = find(text, name);
        if (line != null) {
            return Either.right(Notation.spliced(text, line.start(2), line.end(2), written));
        }
        String before = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
        return Either.right(Notation.spliced(text, text.length(), text.length(), before + name + "=" + written + "\n"));
    }

    @Override
    public Either<Flaw, String> remove(String text, List<Step> path) {
        Matcher line = find(text, name(path));
        if (line == null) {
            return Either.right(text);
        }
        int start = Notation.lineStart(text, line.start(1));
        int newline = text.indexOf('\n', line.end());
        return Either.right(text.substring(0, start) + (newline < 0 ? "" : text.substring(newline + 1)));
    }
}
