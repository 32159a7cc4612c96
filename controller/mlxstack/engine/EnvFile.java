package mlxstack.engine;

import io.vavr.control.Either;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import mlxstack.reconcile.Obstacle;
import mlxstack.reconcile.Obstacle.Thing;
import mlxstack.reconcile.Obstacle.Unusable;

/**
 * Files of {@code NAME=value} lines: blank lines and lines that begin with {@code #} are skipped, {@code export} is
 * allowed before a name, quotes around a whole value are taken off, and nothing is expanded. Messages never show a
 * value. Stateless.
 */
final class EnvFile {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private EnvFile() {}

    static Either<Obstacle, Map<String, String>> read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            return unusable(file, file + " does not exist; expected lines of NAME=value");
        } catch (MalformedInputException e) {
            return unusable(file, file + " is not UTF-8 text; expected lines of NAME=value");
        } catch (IOException e) {
            return unusable(
                    file,
                    "%s cannot be read (%s); expected lines of NAME=value"
                            .formatted(file, e.getClass().getSimpleName()));
        }
        var values = new LinkedHashMap<String, String>();
        int number = 0;
        for (String raw : (Iterable<String>) text.lines()::iterator) {
            number++;
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String assignment = line.startsWith("export ")
                    ? line.substring("export ".length()).strip()
                    : line;
            int equals = assignment.indexOf('=');
            String name = equals < 0 ? "" : assignment.substring(0, equals).strip();
            if (!NAME.matcher(name).matches()) {
                return unusable(file, "line %d of %s is not NAME=value".formatted(number, file));
            }
            values.put(name, unquoted(assignment.substring(equals + 1).strip()));
        }
        return Either.right(values);
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2
                && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                && value.charAt(value.length() - 1) == value.charAt(0);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static Either<Obstacle, Map<String, String>> unusable(Path file, String message) {
        return Either.left(new Unusable(Thing.FILE, file.toString(), message));
    }
}
