package mlxstack.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mlxstack.engine.GgufFile.Token;
import mlxstack.engine.TinyModel.Tensor;

/**
 * A Llama that says what it was told to, at every temperature: each token has one successor. Its chat template ends a
 * prompt with a cue, a token of its own, and the model goes on from there. So a real server can be made to take part
 * in a conversation, tools included.
 */
public final class ScriptedGguf {

    private static final int CONTEXT = 32768;
    private static final int HEADS = 4;
    private static final int FEED_FORWARD = 32;
    private static final int PIECE = 6;
    private static final int END = 2;

    private final List<Token> tokens = TinyGguf.tokens();
    /** No token may be just what begins a tool call: the server looks for that text, and refuses to where it is a token. */
    private final Set<String> known = new HashSet<>(Set.of("<tool_call>", "<tool_call>\n"));
    /** By the token before. */
    private final Map<Integer, Integer> next = new LinkedHashMap<>();

    private ScriptedGguf() {}

    /**
     * @param answers what is said, by its cue
     * @param template Jinja; its prompts end with a cue
     * @return {@code file}
     */
    public static Path write(Path file, Map<String, String> answers, String template) throws IOException {
        var model = new ScriptedGguf();
        model.tokens.add(new Token("▁", 1));
        // The cues first, so that no piece of an answer can be taken for one.
        var cues = new LinkedHashMap<Integer, String>();
        answers.forEach((cue, answer) -> cues.put(model.token(cue, 3), answer));
        cues.forEach(model::chain);
        int width = Math.ceilDiv(model.next.size() + 1, 64) * 64;
        return new GgufFile()
                .string("general.name", "scripted")
                .number("llama.block_count", 1)
                .number("llama.context_length", CONTEXT)
                .number("llama.embedding_length", width)
                .number("llama.feed_forward_length", FEED_FORWARD)
                .number("llama.attention.head_count", HEADS)
                .number("llama.attention.head_count_kv", HEADS)
                .number("llama.rope.dimension_count", width / HEADS)
                .real("llama.attention.layer_norm_rms_epsilon", TinyModel.EPSILON)
                .vocabulary(model.tokens)
                .flag("tokenizer.ggml.add_bos_token", false)
                .flag("tokenizer.ggml.add_space_prefix", false)
                .string("tokenizer.chat_template", template)
                .write(file, model.tensors(width));
    }

    private int token(String text, int type) {
        if (!known.add(text)) {
            throw new IllegalArgumentException("\"" + text + "\" is a token already");
        }
        tokens.add(new Token(text, type));
        return tokens.size() - 1;
    }

    /** A piece that is there already would have two successors: it is made longer. */
    private void chain(int cue, String answer) {
        var pieces = new ArrayList<String>();
        var own = new HashSet<String>();
        for (int from = 0; from < answer.length(); ) {
            int to = Math.min(answer.length(), from + PIECE);
            while (to < answer.length() && taken(answer.substring(from, to), own)) {
                to++;
            }
            String piece = answer.substring(from, to);
            while (taken(piece, own)) {
                String before = pieces.removeLast();
                own.remove(before);
                piece = before + piece;
            }
            pieces.add(piece);
            own.add(piece);
            from = to;
        }
        int last = cue;
        for (String piece : pieces) {
            int token = token(piece, 4);
            next.put(last, token);
            last = token;
        }
        next.put(last, END);
    }

    private boolean taken(String piece, Set<String> own) {
        return known.contains(piece) || own.contains(piece);
    }

    /** Each token that has a successor is a direction of its own; all others share the first, and end the answer. */
    private Map<String, Tensor> tensors(int width) {
        int vocabulary = tokens.size();
        var embedding = new float[vocabulary * width];
        var output = new float[vocabulary * width];
        for (int token = 0; token < vocabulary; token++) {
            if (!next.containsKey(token)) {
                embedding[token * width] = 1;
            }
        }
        output[END * width] = 8;
        int direction = 0;
        for (var step : next.entrySet()) {
            direction++;
            embedding[step.getKey() * width + direction] = 1;
            output[step.getValue() * width + direction] = 8;
        }
        var all = new LinkedHashMap<String, Tensor>();
        all.put("token_embd.weight", new Tensor(new int[] {vocabulary, width}, embedding));
        all.put("output.weight", new Tensor(new int[] {vocabulary, width}, output));
        all.put("output_norm.weight", ones(width));
        all.put("blk.0.attn_norm.weight", ones(width));
        all.put("blk.0.ffn_norm.weight", ones(width));
        for (String square : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
            all.put("blk.0." + square + ".weight", zeros(width, width));
        }
        all.put("blk.0.ffn_gate.weight", zeros(FEED_FORWARD, width));
        all.put("blk.0.ffn_up.weight", zeros(FEED_FORWARD, width));
        all.put("blk.0.ffn_down.weight", zeros(width, FEED_FORWARD));
        return all;
    }

    private static Tensor zeros(int rows, int columns) {
        return new Tensor(new int[] {rows, columns}, new float[rows * columns]);
    }

    private static Tensor ones(int width) {
        var data = new float[width];
        java.util.Arrays.fill(data, 1);
        return new Tensor(new int[] {width}, data);
    }
}
