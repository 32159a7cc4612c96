package mlxstack.engine;

import io.vavr.control.Either;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import mlxstack.catalog.CatalogModel;
import mlxstack.catalog.ModelSource;
import mlxstack.reconcile.Obstacle;
import mlxstack.reconcile.Obstacle.Thing;
import mlxstack.reconcile.Obstacle.Unusable;
import org.jspecify.annotations.Nullable;

/** Whether a model that should be on this machine is, and is of the right kind. Stateless. */
final class Weights {

    private Weights() {}

    /**
     * @param file a path for {@code -m}, or else a repository for {@code -hf}
     * @param known what the catalog says of it; null for what was not named by it
     */
    record Gguf(String name, boolean file, @Nullable CatalogModel known) {}

    static Path cwd(Engine.Request request) {
        String directory = request.template().workingDirectory();
        return directory == null ? request.environment().userHome() : Path.of(directory);
    }

    static boolean isPath(String model) {
        return model.startsWith("/");
    }

    /**
     * @param name a folder as the mlx engines want it, or a repository they will find
     * @param known what the catalog says of it; null for what was not named by it
     */
    record Mlx(String name, @Nullable CatalogModel known) {}

    static Either<Obstacle, Mlx> mlx(Engine.Request request) {
        return switch (named(request)) {
            case CatalogName.Wrong(String reason) -> bad(request.model(), reason);
            case CatalogName.Found(CatalogModel model, ModelSource source) ->
                hub(request, source.repo()).map(repo -> new Mlx(repo, model));
            case CatalogName.None() -> mlxAsWritten(request).map(name -> new Mlx(name, null));
        };
    }

    private static CatalogName named(Engine.Request request) {
        return CatalogName.of(
                request.model(),
                request.template().engine(),
                request.environment().home());
    }

    private static Either<Obstacle, String> mlxAsWritten(Engine.Request request) {
        String model = request.model();
        String engine = request.template().engine().yamlName();
        if (!isPath(model)) {
            return hub(request, model);
        }
        Path path = Path.of(model);
        if (Files.isRegularFile(path)) {
            return bad(
                    model,
                    "%s is a file; engine %s serves folders of safetensors%s"
                            .formatted(
                                    model, engine, model.endsWith(".gguf") ? ", engine llama-server serves this" : ""));
        }
        if (!Files.isDirectory(path)) {
            return bad(
                    model,
                    "model %s does not exist; expected a folder of safetensors, or an id such as %s"
                            .formatted(model, "mlx-community/Qwen3-8B-4bit"));
        }
        return Files.isRegularFile(path.resolve("config.json"))
                ? Either.right(model)
                : bad(
                        model,
                        "%s holds no config.json; expected a folder of safetensors for engine %s"
                                .formatted(model, engine));
    }

    /** A file that llama.cpp can read, or a repository it will fetch from. */
    static Either<Obstacle, Gguf> gguf(Engine.Request request) {
        return switch (named(request)) {
            case CatalogName.Wrong(String reason) -> bad(request.model(), reason);
            case CatalogName.Found(CatalogModel model, ModelSource source) ->
                Either.right(fetched(request, source)
                        .map(file -> new Gguf(file.toString(), true, model))
                        .orElseGet(() -> new Gguf(forLlama(source), false, model)));
            case CatalogName.None() -> ggufAsWritten(request);
        };
    }

    /** The file of a source in the cache of the hub, when it has been fetched. */
    static Optional<Path> fetched(Map<String, String> env, Path userHome, ModelSource source) {
        return HubCache.of(env, userHome).snapshot(source.repo()).flatMap(snapshot -> {
            String file = source.file();
            if (file != null) {
                return Optional.of(snapshot.resolve(file)).filter(FetchedGguf::whole);
            }
            return ggufIn(snapshot).stream()
                    .filter(FetchedGguf::whole)
                    .filter(path -> String.valueOf(path.getFileName())
                            .toLowerCase(Locale.ROOT)
                            .contains(source.quant().toLowerCase(Locale.ROOT)))
                    .findFirst();
        });
    }

    private static Optional<Path> fetched(Engine.Request request, ModelSource source) {
        return fetched(request.env(), request.environment().userHome(), source);
    }

    /** llama.cpp finds the file by its quantisation, if it is of the usual names; else it takes the repository's one. */
    private static String forLlama(ModelSource source) {
        return source.quant().matches("I?Q\\d.*|BF16|F16|F32") ? source.repo() + ":" + source.quant() : source.repo();
    }

    private static Either<Obstacle, Gguf> ggufAsWritten(Engine.Request request) {
        String model = request.model();
        if (!isPath(model)) {
            var cache = HubCache.of(request.env(), request.environment().userHome());
            return Either.right(FetchedGguf.find(cache, model)
                    .map(file -> new Gguf(file.toString(), true, null))
                    .orElseGet(() -> new Gguf(model, false, null)));
        }
        Path path = Path.of(model);
        if (Files.isRegularFile(path)) {
            return Either.right(new Gguf(model, true, null));
        }
        if (!Files.isDirectory(path)) {
            return bad(
                    model,
                    "model %s does not exist; expected a .gguf file, a folder with one, or a repository"
                            .formatted(model));
        }
        List<Path> files = ggufIn(path);
        return files.size() == 1
                ? Either.right(new Gguf(files.getFirst().toString(), true, null))
                : bad(
                        model,
                        files.isEmpty()
                                ? model + " holds no .gguf file; engine llama-server needs one"
                                : "%s holds several models: %s; name one of the files"
                                        .formatted(
                                                model,
                                                files.stream()
                                                        .map(file -> String.valueOf(file.getFileName()))
                                                        .collect(Collectors.joining(", "))));
    }

    /** Models one could load: of one that comes in parts the first, and no projectors. */
    private static List<Path> ggufIn(Path folder) {
        try (var entries = Files.list(folder)) {
            return entries.filter(file -> {
                        String name = String.valueOf(file.getFileName());
                        return name.endsWith(".gguf")
                                && !name.startsWith("mmproj")
                                && (!name.matches(".*-\\d{5}-of-\\d{5}\\.gguf") || name.contains("-00001-of-"));
                    })
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Either<Obstacle, String> hub(Engine.Request request, String id) {
        var cache = HubCache.of(request.env(), request.environment().userHome());
        Optional<Path> there = HubCache.offline(request.env()) ? cache.snapshot(id) : Optional.of(cache.folder());
        return there.isPresent()
                ? Either.right(id)
                : bad(
                        id,
                        "model %s is not in %s, and HF_HUB_OFFLINE forbids to fetch it; fetch it once with `mlxstackctl pull %s`, or give a local path"
                                .formatted(id, cache.folder(), id));
    }

    private static <T> Either<Obstacle, T> bad(String model, String message) {
        return Either.left(new Unusable(Thing.MODEL, model, message));
    }
}
