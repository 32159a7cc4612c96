package mlxstack.spec;

import java.nio.file.Path;
import java.util.List;

/**
 * Paths as a stack file writes them: relative ones begin at the file's directory, {@code ~} is the home, and nothing
 * else is expanded. Works on text, so that a name the platform cannot encode is found where it is used.
 */
record FilePaths(String directory, String home) {

    static FilePaths of(Path file, Path home) {
        var directory = file.toAbsolutePath().normalize().getParent();
        return new FilePaths(directory == null ? "/" : directory.toString(), home.toString());
    }

    /** Absolute, without {@code .} and doubled slashes; {@code ..} stays, since links may be in the way. */
    String absolute(String path) {
        var whole = path.equals("~") || path.startsWith("~/")
                ? home + path.substring(1)
                : path.startsWith("/") ? path : directory + "/" + path;
        var out = new StringBuilder();
        for (var part : whole.split("/")) {
            if (!part.isEmpty() && !part.equals(".")) {
                out.append('/').append(part);
            }
        }
        return out.isEmpty() ? "/" : out.toString();
    }

    /** Whether it cannot be anything but a path: a model of a hub, or a program looked for in PATH, may not be. */
    static boolean meant(String text) {
        return text.startsWith("/") || text.startsWith("./") || text.startsWith("../") || text.startsWith("~/");
    }

    String absoluteIfMeant(String text) {
        return meant(text) ? absolute(text) : text;
    }

    /** The program is a path if it looks like one; arguments are handed on as they are. */
    List<String> command(List<String> command) {
        if (command.isEmpty() || !meant(command.getFirst())) {
            return command;
        }
        var out = new java.util.ArrayList<>(command);
        out.set(0, absolute(command.getFirst()));
        return out;
    }
}
