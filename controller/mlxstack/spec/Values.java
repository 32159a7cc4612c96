package mlxstack.spec;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads typed values; what a pattern cannot see is reported. A field that was refused before is read as if it were not
 * there, without another word. Confined to one parse.
 *
 * @param refused paths that were complained about before, and all paths above them
 */
record Values(FilePaths paths, Problems problems, Set<String> refused) {

    private static final Duration SHORTEST = Duration.ofMillis(10);

    static Values of(FilePaths paths, Problems problems) {
        var refused = new HashSet<String>();
        for (var path : problems.paths()) {
            refused.add(path);
            for (int i = 0; i < path.length(); i++) {
                if (path.charAt(i) == '.' || path.charAt(i) == '[') {
                    refused.add(path.substring(0, i));
                }
            }
        }
        return new Values(paths, problems, refused);
    }

    /** Nothing at or under this place was refused. */
    boolean sound(Cursor at) {
        return !refused.contains(at.path());
    }

    void complain(Cursor at, String message) {
        if (sound(at)) {
            problems.add(at, message);
        }
    }

    Duration duration(Cursor at, Duration otherwise) {
        var text = at.amount();
        if (text == null) {
            return otherwise;
        }
        var duration = Durations.parse(text);
        if (duration == null) {
            complain(
                    at,
                    "found " + Found.quoted(text) + "; expected at most " + Durations.render(Durations.LONGEST)
                            + " (a year)");
            return otherwise;
        }
        return duration;
    }

    /** Of something that is done again and again. */
    Duration interval(Cursor at, Duration otherwise) {
        var duration = duration(at, otherwise);
        if (duration.compareTo(SHORTEST) < 0) {
            complain(
                    at,
                    "found " + Found.quoted(Durations.render(duration)) + "; expected at least "
                            + Durations.render(SHORTEST));
            return otherwise;
        }
        return duration;
    }

    @Nullable
    Long bytes(Cursor at) {
        var text = at.amount();
        if (text == null) {
            return null;
        }
        var bytes = Quantities.bytes(text);
        if (bytes == null) {
            complain(at, tooMuch(text));
        }
        return bytes;
    }

    Quantity share(Cursor at, Quantity otherwise) {
        var text = at.amount();
        if (text == null) {
            return otherwise;
        }
        var quantity = Quantities.parse(text);
        if (quantity == null) {
            complain(at, tooMuch(text));
            return otherwise;
        }
        return quantity;
    }

    private static String tooMuch(String text) {
        return "found " + Found.quoted(text) + "; expected at most " + Quantities.render(Quantities.LARGEST);
    }

    List<String> command(Cursor at) {
        var command = at.texts();
        if (!command.isEmpty() && command.getFirst().isEmpty()) {
            complain(at, "found an empty program; expected the program's name first");
        }
        return paths.command(command);
    }

    Map<String, String> textMap(Cursor at) {
        var map = new LinkedHashMap<String, String>();
        at.fields().forEach((name, value) -> map.put(name, value.text("")));
        return map;
    }

    Map<String, EnvValue> env(Cursor at) {
        var map = new LinkedHashMap<String, EnvValue>();
        at.fields().forEach((name, value) -> {
            var secret = secret(value);
            map.put(name, secret == null ? new EnvValue.Text(value.text("")) : secret);
        });
        return map;
    }

    /** Null if it is no reference. */
    @Nullable
    EnvValue secret(Cursor at) {
        var env = at.field("env").text();
        if (env != null) {
            return new EnvValue.FromEnv(env);
        }
        var file = at.field("file").text();
        if (file != null) {
            return new EnvValue.FromFile(paths.absolute(file));
        }
        var keychain = at.field("keychain").text();
        return keychain == null ? null : new EnvValue.FromKeychain(keychain);
    }

    /** As plain maps, lists, texts, numbers and booleans. */
    static Object raw(Node node) {
        return switch (node) {
            case Node.Mapping mapping -> {
                var map = new LinkedHashMap<String, Object>();
                mapping.entries().forEach((name, entry) -> map.put(name, raw(entry.value())));
                yield java.util.Collections.unmodifiableMap(map);
            }
            case Node.Sequence sequence ->
                sequence.items().stream().map(Values::raw).toList();
            case Node.Scalar scalar ->
                switch (scalar.type()) {
                    case TEXT, NOTHING -> scalar.text();
                    case INTEGER -> Long.parseLong(scalar.text());
                    case NUMBER -> Double.parseDouble(scalar.text());
                    case BOOLEAN -> scalar.text().equals("true");
                };
        };
    }

    static Map<String, Object> rawMap(Cursor at) {
        var map = new LinkedHashMap<String, Object>();
        if (at.node() instanceof Node.Mapping mapping) {
            mapping.entries().forEach((name, entry) -> map.put(name, raw(entry.value())));
        }
        return map;
    }
}
