package mlxstack.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import mlxstack.spec.EnvValue;
import mlxstack.spec.MemoryEstimator;
import mlxstack.spec.Template;

/**
 * What a model server will need, from the size of its weights where they are on this machine: a fifth more, for the
 * cache of keys and values and for the server itself, in whole MiB.
 */
record MemoryEstimates(Path userHome) implements MemoryEstimator {

    private static final long MIB = 1L << 20;
    private static final long SIMULATOR = 64 * MIB;

    @Override
    public OptionalLong bytes(Template template) {
        try {
            return switch (template.engine()) {
                case SIMULATOR -> OptionalLong.of(SIMULATOR);
                case VLLM_MLX, MLX_LM, LLAMA_SERVER -> withRoom(weights(template));
                case OLLAMA -> withRoom(ollama(template));
                case COMMAND, GATEWAY, LITELLM -> OptionalLong.empty();
            };
        } catch (IOException | InvalidPathException e) {
            return OptionalLong.empty();
        }
    }

    private long weights(Template template) throws IOException {
        String model = template.model();
        if (model == null) {
            return 0;
        }
        if (!Weights.isPath(model)) {
            var snapshot = HubCache.of(plain(template), userHome).snapshot(model);
            return snapshot.isEmpty() ? 0 : inFolder(snapshot.get());
        }
        Path path = Path.of(model);
        if (Files.isDirectory(path)) {
            return inFolder(path);
        }
        return Files.isRegularFile(path) ? withSiblings(path) : 0;
    }

    private long ollama(Template template) throws IOException {
        String model = template.model();
        return model == null ? 0 : OllamaStore.of(plain(template), userHome).bytes(model);
    }

    /** Either kind of weights: a folder with both would be loaded in one of them. */
    private static long inFolder(Path folder) throws IOException {
        return Math.max(sum(folder, ".safetensors"), sum(folder, ".gguf"));
    }

    /** A model in parts is named by its first. */
    private static long withSiblings(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        int part = name.indexOf("-00001-of-");
        if (part < 0) {
            return Files.size(file);
        }
        String stem = name.substring(0, part);
        try (Stream<Path> files = Files.list(file.resolveSibling(""))) {
            return total(files.filter(other -> String.valueOf(other.getFileName())
                    .matches(java.util.regex.Pattern.quote(stem) + "-\\d{5}-of-\\d{5}\\.gguf")));
        }
    }

    private static long sum(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return total(files.filter(file -> String.valueOf(file.getFileName()).endsWith(suffix)));
        }
    }

    private static long total(Stream<Path> files) throws IOException {
        long total = 0;
        for (Path file : (Iterable<Path>) files::iterator) {
            total += Files.size(file);
        }
        return total;
    }

    private static OptionalLong withRoom(long weights) {
        return weights == 0 ? OptionalLong.empty() : OptionalLong.of((weights + weights / 5 + MIB - 1) / MIB * MIB);
    }

    /** Secrets have no say in where weights lie. */
    private static Map<String, String> plain(Template template) {
        var env = new HashMap<String, String>();
        template.env().forEach((name, value) -> {
            if (value instanceof EnvValue.Text(String text)) {
                env.put(name, text);
            }
        });
        return env;
    }
}
