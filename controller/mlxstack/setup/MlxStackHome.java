package mlxstack.setup;

import io.vavr.control.Either;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What lies in a home of mlx-stack: its stack, its settings, what it measured. A value; nothing of it is changed.
 *
 * @param root as in {@code ~/.mlx-stack}
 * @param settings by its own keys; a key of a provider is among them
 */
record MlxStackHome(
        Path root, String name, List<Tier> tiers, SequencedMap<String, String> settings, List<Measured> measured) {

    /**
     * @param model a catalog id, or a name for people: its setup wrote those
     * @param source repository of the hub; empty where there is none
     * @param flags as written; values are texts, numbers and booleans
     */
    record Tier(
            String name,
            String model,
            String quant,
            String source,
            @Nullable Integer port,
            Map<String, JsonNode> flags) {}

    /** @param profile the machine, as in {@code m4-pro-48} */
    record Measured(
            String profile,
            String model,
            String quant,
            double prompt,
            double generation,
            double memoryGb,
            Instant at) {}

    /** @return what is there; or one line for the user */
    static Either<String, MlxStackHome> read(Path root) {
        Path stack = root.resolve("stacks/default.yaml");
        try {
            var notRead = new ArrayList<String>();
            var tree = tree(stack, notRead);
            if (tree == null) {
                return Either.left(
                        notRead.isEmpty()
                                ? stack + " is not there; --from names another home of mlx-stack"
                                : notRead.getFirst());
            }
            int version = tree.path("schema_version").asInt(0);
            if (version != 1) {
                return Either.left(
                        "%s has schema_version %s; only 1 can be read".formatted(stack, tree.path("schema_version")));
            }
            var tiers = new ArrayList<Tier>();
            for (var at : tree.path("tiers")) {
                tiers.add(tier(at));
            }
            if (tiers.isEmpty()) {
                return Either.left(stack + " has no tiers; there is nothing to import");
            }
            var config = tree(root.resolve("config.yaml"), notRead);
            if (!notRead.isEmpty()) {
                return Either.left(notRead.getFirst());
            }
            var settings = new LinkedHashMap<String, String>();
            if (config != null) {
                config.properties()
                        .forEach(entry ->
                                settings.put(entry.getKey(), entry.getValue().asString("")));
            }
            return Either.right(new MlxStackHome(
                    root, tree.path("name").asString("default"), List.copyOf(tiers), settings, measured(root)));
        } catch (IOException e) {
            return Either.left(root + " cannot be read: " + e.getMessage());
        }
    }

    private static @Nullable JsonNode tree(Path file, List<String> problems) throws IOException {
        try {
            var tree = new YAMLMapper().readTree(Files.readString(file));
            if (tree.isObject()) {
                return tree;
            }
            problems.add(file + " is not a mapping; expected a file of mlx-stack's");
        } catch (NoSuchFileException e) {
            return null;
        } catch (JacksonException e) {
            problems.add(file + " is not valid YAML: "
                    + String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse(""));
        }
        return null;
    }

    private static Tier tier(JsonNode at) {
        var flags = new LinkedHashMap<String, JsonNode>();
        at.path("vllm_flags").properties().forEach(entry -> flags.put(entry.getKey(), entry.getValue()));
        int port = at.path("port").asInt(0);
        return new Tier(
                at.path("name").asString(""),
                at.path("model").asString(""),
                at.path("quant").asString("int4"),
                at.path("source").asString(""),
                port > 0 && port < 65536 ? (Integer) port : null,
                flags);
    }

    /** Of every machine; a file that cannot be read holds nothing. */
    private static List<Measured> measured(Path root) throws IOException {
        var measured = new ArrayList<Measured>();
        Path folder = root.resolve("benchmarks");
        if (!Files.isDirectory(folder)) {
            return measured;
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                read(file, measured);
            }
        }
        return measured;
    }

    /** What was measured is a help, not a need: a file that is no JSON holds nothing. */
    private static void read(Path file, List<Measured> measured) throws IOException {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(Files.readString(file));
        } catch (JacksonException e) {
            return;
        }
        String name = String.valueOf(file.getFileName());
        for (var entry : root.properties()) {
            var at = entry.getValue();
            measured.add(new Measured(
                    name.substring(0, name.length() - ".json".length()),
                    entry.getKey(),
                    at.path("quant").asString("int4"),
                    at.path("prompt_tps").asDouble(0),
                    at.path("gen_tps").asDouble(0),
                    at.path("memory_gb").asDouble(0),
                    Files.getLastModifiedTime(file).toInstant()));
        }
    }

    /** Where it kept weights. */
    Path models() {
        String set = settings.getOrDefault("model-dir", "");
        return set.isEmpty() ? root.resolve("models") : Path.of(set);
    }
}
