package mlxstack.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The models Ollama has fetched, as its manifests tell. */
record OllamaStore(Path folder) {

    private static final Pattern NAME = Pattern.compile("[\\w.-]+(/[\\w.-]+)*(:[\\w.-]+)?");
    private static final int LONGEST = 1 << 20;

    static OllamaStore of(Map<String, String> env, Path userHome) {
        String models = env.getOrDefault("OLLAMA_MODELS", "");
        return new OllamaStore(
                models.isEmpty() ? userHome.resolve(".ollama").resolve("models") : userHome.resolve(models));
    }

    /** Size of the layers of a model, as in {@code qwen3:8b}; 0 when it is not there. */
    long bytes(String model) throws IOException {
        if (!NAME.matcher(model).matches()) {
            return 0;
        }
        int colon = model.indexOf(':');
        String name = colon < 0 ? model : model.substring(0, colon);
        String tag = colon < 0 ? "latest" : model.substring(colon + 1);
        String whole = switch ((int) name.chars().filter(c -> c == '/').count()) {
            case 0 -> "registry.ollama.ai/library/" + name;
            case 1 -> "registry.ollama.ai/" + name;
            default -> name;
        };
        Path manifest = folder.resolve("manifests").resolve(whole).resolve(tag);
        if (!Files.isRegularFile(manifest)) {
            return 0;
        }
        try (var in = Files.newInputStream(manifest);
                JsonParser json =
                        JsonFactory.builder().build().createParser(ObjectReadContext.empty(), in.readNBytes(LONGEST))) {
            long total = 0;
            boolean inLayers = false;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                int depth = json.streamReadContext().getNestingDepth();
                if (token == JsonToken.PROPERTY_NAME && depth == 1) {
                    inLayers = json.currentName().equals("layers");
                } else if (token == JsonToken.VALUE_NUMBER_INT && inLayers && "size".equals(json.currentName())) {
                    total += json.getLongValue();
                }
            }
            return total;
        } catch (JacksonException e) {
            return 0;
        }
    }
}
