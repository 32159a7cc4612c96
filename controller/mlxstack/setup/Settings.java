package mlxstack.setup;

import io.vavr.control.Either;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import mlxstack.catalog.CatalogModel;
import mlxstack.harness.YamlEdit;
import mlxstack.spec.Suggestions;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What a user has set that no stack file has a word for, or before there is one: {@code $MLXSTACK_HOME/settings.yaml}. A
 * value.
 */
public record Settings(Map<ConfigKey, String> values) {

    private static final String HEAD =
            "# What `mlxstackctl config` has set. Values of a stack file are in the stack file.\n";

    public Settings {
        values = Map.copyOf(values);
    }

    public static Path file(Path home) {
        return home.resolve("settings.yaml");
    }

    /** @return nothing set when there is no file; or one line for the user */
    public static Either<String, Settings> read(Path home) {
        Path file = file(home);
        try {
            return parse(Files.readString(file)).mapLeft(problem -> file + ": " + problem);
        } catch (NoSuchFileException e) {
            return Either.right(new Settings(Map.of()));
        } catch (IOException e) {
            return Either.left(file + " cannot be read: " + e.getMessage());
        }
    }

    /** As {@link #read}, for those who go on without: nothing is set in a file that cannot be read. */
    public static Settings orNone(Path home) {
        return read(home).getOrElse(new Settings(Map.of()));
    }

    static Either<String, Settings> parse(String text) {
        JsonNode root;
        try {
            root = new YAMLMapper().readTree(text);
        } catch (JacksonException e) {
            return Either.left("is not valid YAML; mend it, or `mlxstackctl config reset --yes`");
        }
        var values = new EnumMap<ConfigKey, String>(ConfigKey.class);
        for (var entry : root.properties()) {
            var key = ConfigKey.named(entry.getKey());
            if (key.isEmpty()) {
                return Either.left("no setting is called \"%s\"%s"
                        .formatted(entry.getKey(), Suggestions.didYouMean(entry.getKey(), ConfigKey.names())));
            }
            var value = key.get().checked(entry.getValue().asString(""));
            if (value.isLeft()) {
                return Either.left(value.getLeft());
            }
            values.put(key.get(), value.get());
        }
        return Either.right(new Settings(values));
    }

    public Optional<String> value(ConfigKey key) {
        return Optional.ofNullable(values.get(key));
    }

    /** The text of the file with one value more, or another one. */
    static Either<String, String> with(String text, ConfigKey key, String value) {
        return YamlEdit.with(text.isBlank() ? HEAD : text, Map.of(key.text(), value));
    }

    /** Whether {@code up} waits until all is Ready. */
    public boolean healthCheck() {
        return !"false".equals(values.get(ConfigKey.AUTO_HEALTH_CHECK));
    }

    /**
     * The quantisation to fetch when none is named, as the catalog calls it: the set one where the model has it, else
     * empty for the model's own.
     *
     * @param gguf whether GGUF is what this machine serves
     */
    public Optional<String> quant(CatalogModel model, boolean gguf) {
        return value(ConfigKey.DEFAULT_QUANT)
                .map(word -> switch (word) {
                    case "int8" -> gguf ? "Q8_0" : "8bit";
                    case "bf16" -> "bf16";
                    default -> gguf ? "Q4_K_M" : "4bit";
                })
                .filter(wanted -> model.sources().stream()
                        .anyMatch(source -> source.quant().equals(wanted)));
    }

    /** {@code draft} with what is set, where it says nothing itself. */
    public Draft over(Draft draft) {
        String percent = values.get(ConfigKey.MEMORY_BUDGET_PCT);
        String port = values.get(ConfigKey.LITELLM_PORT);
        String folder = values.get(ConfigKey.MODEL_DIR);
        String size = values.get(ConfigKey.LOG_MAX_SIZE_MB);
        String files = values.get(ConfigKey.LOG_MAX_FILES);
        var environment = new TreeMap<>(draft.environment());
        if (folder != null) {
            environment.putIfAbsent("HF_HUB_CACHE", folder);
        }
        return new Draft(
                draft.name(),
                draft.notes(),
                draft.budget() == null && percent != null ? percent + "%" : draft.budget(),
                draft.reserve(),
                environment,
                draft.logSize() == null && size != null ? size + "Mi" : draft.logSize(),
                draft.logFiles() == null && files != null ? (Integer) Integer.parseInt(files) : draft.logFiles(),
                draft.endpoints(),
                draft.providers(),
                draft.listen() == null && port != null ? "127.0.0.1:" + port : draft.listen(),
                draft.routes());
    }
}
