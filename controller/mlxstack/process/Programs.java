package mlxstack.process;

import io.vavr.control.Either;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import mlxstack.reconcile.Obstacle;
import mlxstack.reconcile.Obstacle.Refused;
import mlxstack.reconcile.Obstacle.Thing;
import mlxstack.reconcile.Obstacle.Unusable;
import org.jspecify.annotations.Nullable;

/**
 * Finds the file a command names, and says in words why one cannot be started: the kernel has one number for many
 * reasons. Stateless.
 */
final class Programs {

    private static final int SHEBANG = 256;

    private Programs() {}

    /** The absolute path of what {@code request} names. */
    static Either<Obstacle, Path> resolve(SpawnRequest request) {
        if (request.argv().isEmpty() || request.argv().getFirst().isBlank()) {
            return Either.left(new Unusable(Thing.BINARY, "", "the command is empty"));
        }
        if (holdsNul(request)) {
            return Either.left(new Unusable(
                    Thing.BINARY,
                    request.argv().getFirst(),
                    "an argument or variable holds a NUL character, which no program can be given"));
        }
        var name = request.argv().getFirst();
        if (name.indexOf('/') >= 0) {
            return Either.right(request.cwd().resolve(name));
        }
        var path = request.env().getOrDefault("PATH", "");
        @Nullable Path unexecutable = null;
        for (var folder : path.split(":", -1)) {
            var file = request.cwd().resolve(folder.isEmpty() ? "." : folder).resolve(name);
            if (Files.isRegularFile(file)) {
                if (Files.isExecutable(file)) {
                    return Either.right(file);
                }
                unexecutable = unexecutable == null ? file : unexecutable;
            }
        }
        return unexecutable != null
                ? Either.left(notExecutable(unexecutable))
                : Either.left(new Unusable(
                        Thing.BINARY,
                        name,
                        "%s was not found in PATH (%s); install it, or give its full path".formatted(name, path)));
    }

    private static boolean holdsNul(SpawnRequest request) {
        return request.argv().stream().anyMatch(a -> a.indexOf('\0') >= 0)
                || request.env().entrySet().stream()
                        .anyMatch(e ->
                                e.getKey().indexOf('\0') >= 0 || e.getValue().indexOf('\0') >= 0);
    }

    /** What would stand in the way of a start now. */
    static Optional<Obstacle> inspect(SpawnRequest request) {
        return resolve(request).fold(Optional::of, program -> obvious(program, request));
    }

    private static Optional<Obstacle> obvious(Path program, SpawnRequest request) {
        var found = new ArrayList<Obstacle>();
        directory(request.cwd()).ifPresent(found::add);
        binary(program).ifPresent(found::add);
        return found.stream().findFirst();
    }

    /** Why the kernel said {@code errno}, a symbolic name, to a start. */
    static Obstacle explain(String errno, Path program, SpawnRequest request) {
        return switch (errno) {
            case "EAGAIN" ->
                new Refused(
                        errno, "the kernel has no room for another process (EAGAIN): too many processes of this user");
            case "ENOMEM" -> new Refused(errno, "the kernel has no memory for another process (ENOMEM)");
            case "EMFILE", "ENFILE" ->
                new Refused(errno, "no file descriptor is left for another process (" + errno + ")");
            case "ETXTBSY" -> new Refused(errno, program + " is being written at this moment (ETXTBSY)");
            case "E2BIG" ->
                new Unusable(
                        Thing.BINARY,
                        program.toString(),
                        "the arguments and environment of " + program + " are longer than the kernel allows (E2BIG)");
            default ->
                obvious(program, request).or(() -> log(request.logFile())).orElseGet(() -> unexplained(errno, program));
        };
    }

    private static Obstacle unexplained(String errno, Path program) {
        var path = program.toString();
        return switch (errno) {
            case "ENOEXEC", "EBADARCH", "EBADEXEC", "ELIBBAD" ->
                new Unusable(
                        Thing.BINARY,
                        path,
                        path
                                + " is no program for this machine: it has no #! line, or was built for another processor ("
                                + errno + ")");
            case "ENOENT" ->
                new Unusable(
                        Thing.BINARY,
                        path,
                        path
                                + " exists, but the loader it was built for does not (ENOENT): it belongs to another system");
            case "EACCES", "EPERM" ->
                new Unusable(
                        Thing.BINARY,
                        path,
                        path + " may not be executed (" + errno + "): is it on a volume mounted noexec, or blocked?");
            default -> new Refused(errno, "the kernel refused to start " + path + " (" + errno + ")");
        };
    }

    private static Optional<Obstacle> directory(Path cwd) {
        var path = cwd.toString();
        if (!Files.exists(cwd)) {
            return Optional.of(new Unusable(
                    Thing.WORKING_DIRECTORY, path, "working directory " + path + " does not exist; create it"));
        }
        if (!Files.isDirectory(cwd)) {
            return Optional.of(
                    new Unusable(Thing.WORKING_DIRECTORY, path, "working directory " + path + " is not a directory"));
        }
        return Files.isExecutable(cwd)
                ? Optional.empty()
                : Optional.of(new Unusable(
                        Thing.WORKING_DIRECTORY, path, "working directory " + path + " may not be entered"));
    }

    private static Optional<Obstacle> binary(Path program) {
        var path = program.toString();
        if (!Files.exists(program)) {
            return Optional.of(new Unusable(Thing.BINARY, path, path + " does not exist"));
        }
        if (Files.isDirectory(program)) {
            return Optional.of(new Unusable(Thing.BINARY, path, path + " is a directory, not a program"));
        }
        if (!Files.isExecutable(program)) {
            return Optional.of(notExecutable(program));
        }
        var interpreter = interpreter(program);
        if (interpreter == null) {
            return Optional.empty();
        }
        if (!Files.exists(interpreter)) {
            return Optional.of(new Unusable(
                    Thing.BINARY,
                    interpreter.toString(),
                    "%s exists, but the interpreter of its first line, %s, does not".formatted(path, interpreter)));
        }
        return Files.isExecutable(interpreter)
                ? Optional.empty()
                : Optional.of(new Unusable(
                        Thing.BINARY,
                        interpreter.toString(),
                        "the interpreter of the first line of %s, %s, is not executable".formatted(path, interpreter)));
    }

    private static Obstacle notExecutable(Path program) {
        return new Unusable(
                Thing.BINARY,
                program.toString(),
                "%s is not executable; chmod +x it if it should be".formatted(program));
    }

    private static Optional<Obstacle> log(Path logFile) {
        var folder = logFile.getParent();
        return folder == null || Files.isWritable(folder)
                ? Optional.empty()
                : Optional.of(new Unusable(
                        Thing.FILE,
                        logFile.toString(),
                        "the log %s cannot be opened: its directory is missing or not writable".formatted(logFile)));
    }

    private static @Nullable Path interpreter(Path program) {
        try (var in = Files.newInputStream(program)) {
            var first = new String(in.readNBytes(SHEBANG), StandardCharsets.UTF_8);
            if (!first.startsWith("#!")) {
                return null;
            }
            var words =
                    first.substring(2).lines().findFirst().orElse("").strip().split("\\s+");
            return words[0].isEmpty() ? null : Path.of(words[0]);
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }
}
