package mlxstack.engine;

import io.vavr.control.Either;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;
import mlxstack.reconcile.Obstacle;
import mlxstack.reconcile.Obstacle.SecretMissing;
import mlxstack.reconcile.Obstacle.Thing;
import mlxstack.reconcile.Obstacle.Unusable;
import mlxstack.spec.EnvValue;

/**
 * Turns references into values, at the moment they are needed: nothing is kept. An empty value counts as none. Usable
 * by any thread; may block.
 */
public final class Secrets {

    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final Path file;
    private final Map<String, String> daemon;
    private final Keychain keychain;

    Secrets(Path file, Map<String, String> daemon, Keychain keychain) {
        this.file = file;
        this.daemon = Map.copyOf(daemon);
        this.keychain = keychain;
    }

    /**
     * @param file {@code $MLXSTACK_HOME/env}; need not exist
     * @param daemon the daemon's own environment, asked second
     */
    public Secrets(Path file, Map<String, String> daemon) {
        this(file, daemon, Keychain.system());
    }

    /** Never logged, and never part of an obstacle's message. */
    public Either<Obstacle, String> resolve(EnvValue value) {
        return switch (value) {
            case EnvValue.Text(String text) -> Either.right(text);
            case EnvValue.FromEnv(String name) -> fromEnv(name);
            case EnvValue.FromFile(String path) -> fromFile(Path.of(path));
            case EnvValue.FromKeychain(String item) ->
                keychain.password(item)
                        .filter(text -> !text.isEmpty())
                        .<Either<Obstacle, String>>map(Either::right)
                        .orElseGet(() -> missing("keychain item " + item));
        };
    }

    private Either<Obstacle, String> fromEnv(String name) {
        return known().flatMap(values -> {
            String value = values.getOrDefault(name, "");
            value = value.isEmpty() ? daemon.getOrDefault(name, "") : value;
            return value.isEmpty()
                    ? missing("%s (looked for in %s and in the daemon's environment)".formatted(name, file))
                    : Either.right(value);
        });
    }

    private Either<Obstacle, Map<String, String>> known() {
        if (!Files.exists(file)) {
            return Either.right(Map.of());
        }
        try {
            if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
                return Either.left(new Unusable(
                        Thing.FILE,
                        file.toString(),
                        "%s holds secrets and is open to other users; chmod 600 %s".formatted(file, file)));
            }
        } catch (IOException e) {
            return Either.left(new Unusable(Thing.FILE, file.toString(), file + " cannot be read"));
        }
        return EnvFile.read(file);
    }

    private static Either<Obstacle, String> fromFile(Path path) {
        try {
            String text = Files.readString(path);
            String value = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
            return value.isEmpty() ? missing("file " + path + " (it is empty) ") : Either.right(value);
        } catch (IOException e) {
            return missing("file " + path + " (it cannot be read)");
        }
    }

    private static Either<Obstacle, String> missing(String reference) {
        return Either.left(new SecretMissing(reference.strip()));
    }
}
