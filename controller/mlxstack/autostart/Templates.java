package mlxstack.autostart;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files made of a packaged template. */
final class Templates {
    private static final Pattern PLACE = Pattern.compile("@([A-Z_]+)@");

    private Templates() {}

    /** @param values already escaped for the template's language; each place must have one */
    static String fill(String resource, Map<String, String> values) {
        return PLACE.matcher(read(resource)).replaceAll(place -> {
            String value = values.get(place.group(1));
            if (value == null) {
                throw new IllegalStateException(resource + " wants @" + place.group(1) + "@");
            }
            return Matcher.quoteReplacement(value);
        });
    }

    private static String read(String resource) {
        try (InputStream in = Templates.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean holds(Path file, String text) {
        try {
            // A link would be refused by launchd, and is somebody else's.
            return !Files.isSymbolicLink(file) && Files.readString(file).equals(text);
        } catch (IOException e) {
            return false;
        }
    }

    /** As a whole or not at all; readable by all, since launchd insists on that, writable by its owner. */
    static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.resolveSibling(""));
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        Files.writeString(fresh, text);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static String xml(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** The program of a systemd unit. Systemd runs none with quotes in its name, so that another one must. */
    static String program(String path) {
        boolean plain = path.chars().noneMatch(c -> c == '"' || c == '\'' || c == '\\');
        return plain ? unit(path) : "/usr/bin/env " + unit(path).replace("$", "$$");
    }

    /** One word of a systemd unit: quoted, with specifiers taken literally. */
    static String unit(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("%", "%%") + '"';
    }
}
