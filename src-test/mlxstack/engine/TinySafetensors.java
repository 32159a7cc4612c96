package mlxstack.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;

/** Writes the tiny model as the folder that mlx and its kin load: config, safetensors, tokenizer. */
public final class TinySafetensors {

    private static final List<String> SPECIAL = List.of("<unk>", "<s>", "</s>", "<pad>", "<|user|>", "<|assistant|>");
    private static final ObjectMapper JSON = new ObjectMapper();

    private TinySafetensors() {}

    /** @return {@code folder}, made if it is not there */
    public static Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        var vocabulary = vocabulary();
        json(folder.resolve("config.json"), config(vocabulary.size()));
        json(folder.resolve("tokenizer.json"), tokenizer(vocabulary));
        json(
                folder.resolve("tokenizer_config.json"),
                Map.of(
                        "tokenizer_class", "PreTrainedTokenizerFast",
                        "bos_token", "<s>",
                        "eos_token", "</s>",
                        "unk_token", "<unk>",
                        "pad_token", "<pad>",
                        "model_max_length", TinyModel.CONTEXT,
                        "chat_template", TinyModel.CHAT_TEMPLATE));
        Files.write(folder.resolve("model.safetensors"), weights(vocabulary.size()));
        return folder;
    }

    private static Map<String, Object> config(int vocabulary) {
        var config = new LinkedHashMap<String, Object>();
        config.put("architectures", List.of("LlamaForCausalLM"));
        config.put("model_type", "llama");
        config.put("vocab_size", vocabulary);
        config.put("hidden_size", TinyModel.WIDTH);
        config.put("num_hidden_layers", TinyModel.LAYERS);
        config.put("intermediate_size", TinyModel.FEED_FORWARD);
        config.put("num_attention_heads", TinyModel.HEADS);
        config.put("num_key_value_heads", TinyModel.KV_HEADS);
        config.put("rms_norm_eps", TinyModel.EPSILON);
        config.put("max_position_embeddings", TinyModel.CONTEXT);
        config.put("rope_theta", 10_000.0);
        config.put("tie_word_embeddings", true);
        config.put("bos_token_id", 1);
        config.put("eos_token_id", 2);
        config.put("torch_dtype", "float32");
        return config;
    }

    /** The special ones, and one for each byte under the printable name that byte-level tokenizers give it. */
    private static Map<String, Integer> vocabulary() {
        var vocabulary = new LinkedHashMap<String, Integer>();
        SPECIAL.forEach(token -> vocabulary.put(token, vocabulary.size()));
        int unprintable = 0;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || (b >= 0xae && b <= 0xff);
            int name = printable ? b : 256 + unprintable++;
            vocabulary.put(Character.toString(name), vocabulary.size());
        }
        return vocabulary;
    }

    private static Map<String, Object> tokenizer(Map<String, Integer> vocabulary) {
        var added = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < SPECIAL.size(); i++) {
            added.add(Map.of(
                    "id", i,
                    "content", SPECIAL.get(i),
                    "single_word", false,
                    "lstrip", false,
                    "rstrip", false,
                    "normalized", false,
                    "special", true));
        }
        var byteLevel = Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", true);
        var tokenizer = new LinkedHashMap<String, Object>();
        tokenizer.put("version", "1.0");
        tokenizer.put("added_tokens", added);
        tokenizer.put("pre_tokenizer", byteLevel);
        tokenizer.put("decoder", byteLevel);
        tokenizer.put("model", Map.of("type", "BPE", "vocab", vocabulary, "merges", List.of()));
        return tokenizer;
    }

    /** Length of the header, header, data; all little-endian. */
    private static byte[] weights(int vocabulary) {
        var tensors = TinyModel.tensors(vocabulary, part -> part.hub);
        var header = new LinkedHashMap<String, Object>();
        header.put("__metadata__", Map.of("format", "mlx"));
        int at = 0;
        for (var tensor : tensors.entrySet()) {
            int end = at + tensor.getValue().data().length * 4;
            header.put(
                    tensor.getKey(),
                    Map.of(
                            "dtype", "F32",
                            "shape", tensor.getValue().rowsFirst(),
                            "data_offsets", List.of(at, end)));
            at = end;
        }
        byte[] text = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
        var file = ByteBuffer.allocate(8 + text.length + at).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(text.length).put(text);
        for (var tensor : tensors.values()) {
            for (float weight : tensor.data()) {
                file.putFloat(weight);
            }
        }
        return file.array();
    }

    private static void json(Path file, Object value) throws IOException {
        Files.writeString(file, JSON.writeValueAsString(value));
    }
}
