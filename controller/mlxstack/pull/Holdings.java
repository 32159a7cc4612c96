package mlxstack.pull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the models on this disk, whoever has fetched them. Reads names and sizes only, no contents; what cannot be read
 * is not there. Immutable; every call looks anew.
 *
 * @param cache the hub's
 * @param converted where conversions go
 * @param lmStudio folders of {@code publisher/model} folders
 * @param ollama folders with {@code manifests} and {@code blobs}
 * @param mlxStack folders of folders, named by the last part of repositories
 */
public record Holdings(Path cache, Path converted, List<Path> lmStudio, List<Path> ollama, List<Path> mlxStack)
        implements Elsewhere {

    public Holdings {
        lmStudio = List.copyOf(lmStudio);
        ollama = List.copyOf(ollama);
        mlxStack = List.copyOf(mlxStack);
    }

    /**
     * In the usual places, and where variables say.
     *
     * @param home {@code $MLXSTACK_HOME}
     */
    public static Holdings of(HubSettings settings, Map<String, String> env, Path userHome, Path home) {
        var studios = new ArrayList<Path>();
        Path pointer = userHome.resolve(".lmstudio-home-pointer");
        try {
            if (Files.isRegularFile(pointer)) {
                studios.add(userHome.resolve(Files.readString(pointer).strip()).resolve("models"));
            }
        } catch (IOException | java.nio.file.InvalidPathException e) {
            // the usual places remain
        }
        studios.add(userHome.resolve(".lmstudio").resolve("models"));
        studios.add(userHome.resolve(".cache").resolve("lm-studio").resolve("models"));
        String set = env.getOrDefault("OLLAMA_MODELS", "");
        var ollamas = set.isEmpty()
                ? List.of(userHome.resolve(".ollama").resolve("models"), Path.of("/usr/share/ollama/.ollama/models"))
                : List.of(userHome.resolve(set));
        String stack = env.getOrDefault("MLX_STACK_HOME", "");
        Path mlxStack = stack.isEmpty() ? userHome.resolve(".mlx-stack") : userHome.resolve(stack);
        return new Holdings(
                settings.cache(),
                converted(home),
                studios.stream().distinct().toList(),
                ollamas,
                List.of(mlxStack.resolve("models")));
    }

    /** Where conversions go. */
    public static Path converted(Path home) {
        return home.resolve("models");
    }

    /** All of them, by source, then by name. */
    public List<Holding> all() {
        var all = new ArrayList<Holding>();
        all.addAll(HubHoldings.in(cache));
        all.addAll(FolderHoldings.converted(converted));
        lmStudio.forEach(root -> all.addAll(FolderHoldings.lmStudio(root)));
        ollama.forEach(root -> all.addAll(OllamaHoldings.in(root)));
        mlxStack.forEach(root -> all.addAll(FolderHoldings.flat(root, Holding.Source.MLX_STACK)));
        return all;
    }

    /** Those that {@code name} may mean. */
    public List<Holding> named(String name) {
        return all().stream().filter(h -> h.named(name)).toList();
    }

    @Override
    public @Nullable Copy find(String repo, RemoteFile file) {
        Predicate<Path> same = path -> CacheFolder.size(path) == file.size();
        var sha256 = file.checksum().kind() == Checksum.Kind.SHA256;
        if (sha256) {
            for (Path root : ollama) {
                Path blob = root.resolve("blobs")
                        .resolve("sha256-" + file.checksum().text());
                if (same.test(blob)) {
                    return new Copy(blob, Holding.Source.OLLAMA.title());
                }
            }
            for (Path model : children(cache)) {
                Path blob = model.resolve("blobs").resolve(file.checksum().text());
                if (same.test(blob)) {
                    return new Copy(blob, "the cache of another model");
                }
            }
        }
        for (Path root : lmStudio) {
            Path path = root.resolve(repo).resolve(file.path()).normalize();
            if (path.startsWith(root) && same.test(path)) {
                return new Copy(path, Holding.Source.LM_STUDIO.title());
            }
        }
        for (Path root : mlxStack) {
            Path path = root.resolve(repo.substring(repo.indexOf('/') + 1))
                    .resolve(file.path())
                    .normalize();
            if (path.startsWith(root) && same.test(path)) {
                return new Copy(path, Holding.Source.MLX_STACK.title());
            }
        }
        return null;
    }

    /** Sorted; none when it is no folder. */
    static List<Path> children(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
