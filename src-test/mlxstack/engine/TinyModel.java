package mlxstack.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** A Llama of two layers with random weights: says nonsense, and is loaded by everything that loads a Llama. */
final class TinyModel {

    static final int LAYERS = 2;
    static final int WIDTH = 64;
    static final int HEADS = 4;
    static final int KV_HEADS = 2;
    static final int KV_WIDTH = WIDTH / HEADS * KV_HEADS;
    static final int FEED_FORWARD = 128;
    static final int CONTEXT = 4096;
    static final double EPSILON = 1e-5;

    /** Simple enough for every template engine. */
    static final String CHAT_TEMPLATE =
            "{% for message in messages %}{{ message['role'] + ': ' + message['content'] + '\\n' }}"
                    + "{% endfor %}{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}";

    private TinyModel() {}

    /** @param data row by row */
    @SuppressWarnings("ArrayRecordComponent") // never compared, only written to a file
    record Tensor(int[] rowsFirst, float[] data) {}

    /** Every part of a layer or of the whole, by how it is called. */
    enum Part {
        EMBEDDING("model.embed_tokens.weight", "token_embd.weight"),
        ATTENTION_NORM("model.layers.%d.input_layernorm.weight", "blk.%d.attn_norm.weight"),
        QUERY("model.layers.%d.self_attn.q_proj.weight", "blk.%d.attn_q.weight"),
        KEY("model.layers.%d.self_attn.k_proj.weight", "blk.%d.attn_k.weight"),
        VALUE("model.layers.%d.self_attn.v_proj.weight", "blk.%d.attn_v.weight"),
        OUTPUT("model.layers.%d.self_attn.o_proj.weight", "blk.%d.attn_output.weight"),
        FEED_FORWARD_NORM("model.layers.%d.post_attention_layernorm.weight", "blk.%d.ffn_norm.weight"),
        GATE("model.layers.%d.mlp.gate_proj.weight", "blk.%d.ffn_gate.weight"),
        UP("model.layers.%d.mlp.up_proj.weight", "blk.%d.ffn_up.weight"),
        DOWN("model.layers.%d.mlp.down_proj.weight", "blk.%d.ffn_down.weight"),
        NORM("model.norm.weight", "output_norm.weight");

        final String hub;
        final String gguf;

        Part(String hub, String gguf) {
            this.hub = hub;
            this.gguf = gguf;
        }

        boolean inEachLayer() {
            return hub.contains("%d");
        }
    }

    interface Names {
        String of(Part part);
    }

    /** All tensors under the names of a format, in their order. */
    static Map<String, Tensor> tensors(int vocabulary, Names names) {
        var random = new Random(4711);
        var all = new LinkedHashMap<String, Tensor>();
        for (var part : Part.values()) {
            for (int layer = 0; layer < (part.inEachLayer() ? LAYERS : 1); layer++) {
                all.put(names.of(part).formatted(layer), tensor(part, vocabulary, random));
            }
        }
        return all;
    }

    private static Tensor tensor(Part part, int vocabulary, Random random) {
        return switch (part) {
            case EMBEDDING -> matrix(vocabulary, WIDTH, random);
            case QUERY, OUTPUT -> matrix(WIDTH, WIDTH, random);
            case KEY, VALUE -> matrix(KV_WIDTH, WIDTH, random);
            case GATE, UP -> matrix(FEED_FORWARD, WIDTH, random);
            case DOWN -> matrix(WIDTH, FEED_FORWARD, random);
            case ATTENTION_NORM, FEED_FORWARD_NORM, NORM -> ones();
        };
    }

    private static Tensor matrix(int rows, int columns, Random random) {
        var data = new float[rows * columns];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) (random.nextGaussian() / Math.sqrt(columns));
        }
        return new Tensor(new int[] {rows, columns}, data);
    }

    private static Tensor ones() {
        var data = new float[WIDTH];
        java.util.Arrays.fill(data, 1);
        return new Tensor(new int[] {WIDTH}, data);
    }
}
