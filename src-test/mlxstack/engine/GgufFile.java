package mlxstack.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes a model as a GGUF file of version 3: header, metadata, table of tensors, aligned data. Used by one thread. */
final class GgufFile {

    private static final int ALIGNMENT = 32;
    private static final int UINT32 = 4;
    private static final int INT32 = 5;
    private static final int FLOAT32 = 6;
    private static final int BOOL = 7;
    private static final int STRING = 8;
    private static final int ARRAY = 9;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int keys;

    /** @param type as llama.cpp numbers them: 1 normal, 2 unknown, 3 control, 4 defined by the user, 6 byte */
    record Token(String text, int type) {}

    GgufFile() {
        string("general.architecture", "llama");
        number("general.alignment", ALIGNMENT);
    }

    GgufFile string(String name, String value) {
        key(name, STRING);
        text(value);
        return this;
    }

    GgufFile number(String name, int value) {
        key(name, UINT32);
        u32(value);
        return this;
    }

    GgufFile real(String name, double value) {
        key(name, FLOAT32);
        f32((float) value);
        return this;
    }

    GgufFile flag(String name, boolean value) {
        key(name, BOOL);
        out.write(value ? 1 : 0);
        return this;
    }

    /** A SentencePiece vocabulary; {@code <unk>}, {@code <s>} and {@code </s>} are its first three. */
    GgufFile vocabulary(List<Token> tokens) {
        number("llama.vocab_size", tokens.size());
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
        return this;
    }

    /** @return {@code file} */
    Path write(Path file, Map<String, TinyModel.Tensor> tensors) throws IOException {
        byte[] metadata = out.toByteArray();
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
        return Files.write(file, out.toByteArray());
    }

    private void key(String name, int type) {
        keys++;
        text(name);
        u32(type);
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
