package mlxstack.harness;

import io.vavr.control.Either;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A file that is ours as a whole: it says so in its first line, and one that does not is left alone. */
final class WholeText implements Notation {

    /** What it holds, as the one value there is. */
    static final String TEXT = "text";

    static final String MARK = "# Written by mlxstackctl harness apply";

    @Override
    public Either<Flaw, Map<String, @Nullable Object>> read(String text) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        if (text.isEmpty()) {
            return Either.right(map);
        } else if (!text.startsWith(MARK)) {
            return Either.left(new Flaw(1, 1, "expected a file that begins with \"" + MARK + "\"; move this one away"));
        }
        map.put(TEXT, text);
        return Either.right(map);
    }

    @Override
    public Either<Flaw, String> put(String text, List<Step> path, Object value) {
        return Either.right(String.valueOf(value));
    }

    @Override
    public Either<Flaw, String> remove(String text, List<Step> path) {
        return Either.right("");
    }
}
