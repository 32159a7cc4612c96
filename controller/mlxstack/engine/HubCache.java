package mlxstack.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where the Hugging Face libraries keep what they have fetched.
 *
 * @param folder may not exist
 */
record HubCache(Path folder) {

    private static final Set<String> YES = Set.of("1", "ON", "YES", "TRUE");
    private static final Pattern ID = Pattern.compile("[\\w.-]+(/[\\w.-]+)?");

    /** As a program with that environment will find it. */
    static HubCache of(Map<String, String> env, Path userHome) {
        String hub = env.getOrDefault("HF_HUB_CACHE", env.getOrDefault("HUGGINGFACE_HUB_CACHE", ""));
        if (!hub.isEmpty()) {
            return new HubCache(expand(hub, userHome));
        }
        String home = env.getOrDefault("HF_HOME", "");
        if (!home.isEmpty()) {
            return new HubCache(expand(home, userHome).resolve("hub"));
        }
        String cache = env.getOrDefault("XDG_CACHE_HOME", "");
        return new HubCache((cache.isEmpty() ? userHome.resolve(".cache") : expand(cache, userHome))
                .resolve("huggingface")
                .resolve("hub"));
    }

    static boolean offline(Map<String, String> env) {
        return YES.contains(env.getOrDefault("HF_HUB_OFFLINE", "").toUpperCase(Locale.ROOT));
    }

    /** The folder of the revision a plain id means, when it has been fetched. */
    Optional<Path> snapshot(String id) {
        if (!ID.matcher(id).matches()) {
            return Optional.empty();
        }
        Path repository = folder.resolve("models--" + id.replace("/", "--"));
        try {
            String revision =
                    Files.readString(repository.resolve("refs").resolve("main")).strip();
            Path snapshot = repository.resolve("snapshots").resolve(revision);
            return Files.isDirectory(snapshot) ? Optional.of(snapshot) : Optional.empty();
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Path expand(String path, Path userHome) {
        return path.equals("~") || path.startsWith("~/")
                ? userHome.resolve(path.substring(Math.min(2, path.length())))
                : userHome.resolve(path);
    }
}
