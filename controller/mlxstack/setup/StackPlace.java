package mlxstack.setup;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a stack file has a word for a setting, and how it is written there. Stateless. */
final class StackPlace {

    private static final Pattern LISTEN = Pattern.compile("(.*):([0-9]+)");

    private StackPlace() {}

    static Optional<List<String>> path(ConfigKey key) {
        return switch (key) {
            case MEMORY_BUDGET_PCT -> Optional.of(List.of("spec", "memory", "budget"));
            case LITELLM_PORT -> Optional.of(List.of("spec", "gateway", "listen"));
            case MODEL_DIR -> Optional.of(List.of("spec", "defaults", "env", "HF_HUB_CACHE"));
            case LOG_MAX_SIZE_MB -> Optional.of(List.of("spec", "defaults", "logs", "maxSize"));
            case LOG_MAX_FILES -> Optional.of(List.of("spec", "defaults", "logs", "maxFiles"));
            case OPENROUTER_KEY, DEFAULT_QUANT, AUTO_HEALTH_CHECK -> Optional.empty();
        };
    }

    static Object written(ConfigKey key, String value, @Nullable String before) {
        return switch (key) {
            case MEMORY_BUDGET_PCT -> value + "%";
            case LITELLM_PORT -> {
                var now = LISTEN.matcher(before == null ? "" : before);
                yield (now.matches() ? now.group(1) : "127.0.0.1") + ":" + value;
            }
            case LOG_MAX_SIZE_MB -> value + "Mi";
            case LOG_MAX_FILES -> Integer.valueOf(value);
            case MODEL_DIR, OPENROUTER_KEY, DEFAULT_QUANT, AUTO_HEALTH_CHECK -> value;
        };
    }

    /** As this command says it; what it has no word for is shown as it stands. */
    static String said(ConfigKey key, String written) {
        return switch (key) {
            case MEMORY_BUDGET_PCT -> written.endsWith("%") ? written.substring(0, written.length() - 1) : written;
            case LITELLM_PORT -> {
                var listen = LISTEN.matcher(written);
                yield listen.matches() ? listen.group(2) : written;
            }
            case LOG_MAX_SIZE_MB -> written.endsWith("Mi") ? written.substring(0, written.length() - 2) : written;
            case LOG_MAX_FILES, MODEL_DIR, OPENROUTER_KEY, DEFAULT_QUANT, AUTO_HEALTH_CHECK -> written;
        };
    }
}
