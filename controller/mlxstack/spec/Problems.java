package mlxstack.spec;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** Collects what is wrong with one file; confined to one parse. */
final class Problems {

    /** Nobody reads more, and a file full of rubbish must not cost memory. */
    private static final int MAX = 100;

    private final String file;
    private final TreeSet<Problem> found = new TreeSet<>();
    private final Set<String> paths = new HashSet<>();

    Problems(String file) {
        this.file = file;
    }

    void add(int line, int column, String path, String message) {
        found.add(new Problem(file, line, column, path, message));
        paths.add(path);
    }

    void add(Cursor at, String message) {
        add(at.line(), at.column(), at.path(), message);
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    int count() {
        return found.size();
    }

    /** The paths complained about up to now. */
    Set<String> paths() {
        return Collections.unmodifiableSet(new HashSet<>(paths));
    }

    /** In file order. */
    Seq<Problem> result() {
        if (found.size() <= MAX) {
            return Vector.ofAll(found);
        }
        var last = found.last();
        return Vector.ofAll(found)
                .take(MAX)
                .append(new Problem(file, last.line(), last.column(), "", "and %d more".formatted(found.size() - MAX)));
    }
}
