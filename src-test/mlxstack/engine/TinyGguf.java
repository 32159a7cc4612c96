package mlxstack.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mlxstack.engine.GgufFile.Token;

/** Writes the tiny model as a GGUF file. */
public final class TinyGguf {

    private TinyGguf() {}

    /** @return {@code file} */
    public static Path write(Path file) throws IOException {
        var tokens = tokens();
        tokens.add(new Token("▁", 1));
        for (String common : List.of("a", "e", "n", "o", "t")) {
            tokens.add(new Token(common, 1));
        }
        return new GgufFile()
                .string("general.name", "tiny")
                .number("llama.block_count", TinyModel.LAYERS)
                .number("llama.context_length", TinyModel.CONTEXT)
                .number("llama.embedding_length", TinyModel.WIDTH)
                .number("llama.feed_forward_length", TinyModel.FEED_FORWARD)
                .number("llama.attention.head_count", TinyModel.HEADS)
                .number("llama.attention.head_count_kv", TinyModel.KV_HEADS)
                .number("llama.rope.dimension_count", TinyModel.WIDTH / TinyModel.HEADS)
                .real("llama.attention.layer_norm_rms_epsilon", TinyModel.EPSILON)
                .vocabulary(tokens)
                .string("tokenizer.chat_template", TinyModel.CHAT_TEMPLATE)
                .write(file, TinyModel.tensors(tokens.size(), part -> part.gguf));
    }

    /** SentencePiece with a token for each byte, so that any text can be said. */
    static List<Token> tokens() {
        var tokens = new ArrayList<Token>();
        tokens.add(new Token("<unk>", 2));
        tokens.add(new Token("<s>", 3));
        tokens.add(new Token("</s>", 3));
        for (int i = 0; i < 256; i++) {
            tokens.add(new Token("<0x%02X>".formatted(i), 6));
        }
        return tokens;
    }
}
