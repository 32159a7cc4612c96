package mlxstack.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes the tiny model as a GGUF file of version 3: header, metadata, table of tensors, aligned data. */
public final class TinyGguf {

    private static final int ALIGNMENT = 32;
    private static final int UINT32 = 4;
    private static final int INT32 = 5;
    private static final int FLOAT32 = 6;
    private static final int STRING = 8;
    private static final int ARRAY = 9;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int keys;

    private TinyGguf() {}

    /** @return {@code file} */
    public static Path write(Path file) throws IOException {
        return Files.write(file, new TinyGguf().bytes());
    }

    private byte[] bytes() {
        var tokens = tokens();
        metadata(tokens);
        byte[] metadata = out.toByteArray();
        var tensors = TinyModel.tensors(tokens.size(), part -> part.gguf);
        out.reset();
        raw("GGUF".getBytes(StandardCharsets.US_ASCII));
        u32(3);
        u64(tensors.size());
        u64(keys);
        raw(metadata);
        long[] offset = {0};
        tensors.forEach((name, tensor) -> {
            text(name);
            u32(tensor.rowsFirst().length);
            // The dimension that is contiguous in memory comes first here.
            for (int i = tensor.rowsFirst().length - 1; i >= 0; i--) {
                u64(tensor.rowsFirst()[i]);
            }
            u32(0); // F32
            u64(offset[0]);
            offset[0] += aligned(tensor.data().length * 4L);
        });
        pad();
        tensors.values().forEach(tensor -> {
            var data = ByteBuffer.allocate(tensor.data().length * 4).order(ByteOrder.LITTLE_ENDIAN);
            data.asFloatBuffer().put(tensor.data());
            raw(data.array());
            pad();
        });
        return out.toByteArray();
    }

    /** @param type as llama.cpp numbers them */
    private record Token(String text, int type) {}

    /** SentencePiece with a token for each byte, so that any text can be said. */
    private static List<Token> tokens() {
        var tokens = new ArrayList<Token>();
        tokens.add(new Token("<unk>", 2));
        tokens.add(new Token("<s>", 3));
        tokens.add(new Token("</s>", 3));
        for (int i = 0; i < 256; i++) {
            tokens.add(new Token("<0x%02X>".formatted(i), 6));
        }
        for (String common : List.of("▁", "a", "e", "n", "o", "t")) {
            tokens.add(new Token(common, 1));
        }
        return tokens;
    }

    private void metadata(List<Token> tokens) {
        string("general.architecture", "llama");
        string("general.name", "tiny");
        number("general.alignment", ALIGNMENT);
        number("llama.block_count", TinyModel.LAYERS);
        number("llama.context_length", TinyModel.CONTEXT);
        number("llama.embedding_length", TinyModel.WIDTH);
        number("llama.feed_forward_length", TinyModel.FEED_FORWARD);
        number("llama.attention.head_count", TinyModel.HEADS);
        number("llama.attention.head_count_kv", TinyModel.KV_HEADS);
        number("llama.rope.dimension_count", TinyModel.WIDTH / TinyModel.HEADS);
        number("llama.vocab_size", tokens.size());
        key("llama.attention.layer_norm_rms_epsilon", FLOAT32);
        f32((float) TinyModel.EPSILON);
        string("tokenizer.ggml.model", "llama");
        array("tokenizer.ggml.tokens", STRING, tokens.size());
        tokens.forEach(token -> text(token.text()));
        array("tokenizer.ggml.scores", FLOAT32, tokens.size());
        for (int i = 0; i < tokens.size(); i++) {
            f32(-i);
        }
        array("tokenizer.ggml.token_type", INT32, tokens.size());
        tokens.forEach(token -> u32(token.type()));
        number("tokenizer.ggml.unknown_token_id", 0);
        number("tokenizer.ggml.bos_token_id", 1);
        number("tokenizer.ggml.eos_token_id", 2);
        string("tokenizer.chat_template", TinyModel.CHAT_TEMPLATE);
    }

    private void key(String name, int type) {
        keys++;
        text(name);
        u32(type);
    }

    private void string(String name, String value) {
        key(name, STRING);
        text(value);
    }

    private void number(String name, int value) {
        key(name, UINT32);
        u32(value);
    }

    private void array(String name, int type, int size) {
        key(name, ARRAY);
        u32(type);
        u64(size);
    }

    private void text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        u64(bytes.length);
        raw(bytes);
    }

    private void u32(int value) {
        raw(little(4).putInt(value).array());
    }

    private void u64(long value) {
        raw(little(8).putLong(value).array());
    }

    private void f32(float value) {
        raw(little(4).putFloat(value).array());
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void raw(byte[] bytes) {
        out.writeBytes(bytes);
    }

    private static long aligned(long size) {
        return Math.ceilDiv(size, ALIGNMENT) * ALIGNMENT;
    }

    private void pad() {
        raw(new byte[(int) (aligned(out.size()) - out.size())]);
    }
}
