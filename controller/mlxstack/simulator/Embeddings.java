package mlxstack.simulator;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers {@code /v1/embeddings}. Stateless. */
final class Embeddings {

    private static final int DIMENSIONS = 64;
    private static final int MOST_DIMENSIONS = 8192;

    private Embeddings() {}

    static void answer(Body body, String model, Answer answer) throws IOException {
        int dimensions = body.count("dimensions", DIMENSIONS);
        if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
            throw new BadRequest(400, "dimensions: found %d, expected 1 to %d".formatted(dimensions, MOST_DIMENSIONS));
        }
        boolean base64 = body.text("encoding_format", "float").equals("base64");
        var data = new ArrayList<@Nullable Object>();
        int tokens = 0;
        for (String input : inputs(body)) {
            float[] vector = Vectors.of(input, dimensions);
            data.add(Api.members(
                    "object",
                    "embedding",
                    "index",
                    data.size(),
                    "embedding",
                    base64 ? Vectors.base64(vector) : Vectors.list(vector)));
            tokens += Words.count(input);
        }
        answer.json(
                200,
                Api.members(
                        "object",
                        "list",
                        "data",
                        data,
                        "model",
                        model,
                        "usage",
                        Api.members("prompt_tokens", tokens, "total_tokens", tokens)));
    }

    /** One text, several, one list of token numbers, or several. */
    private static List<String> inputs(Body body) {
        var inputs = new ArrayList<String>();
        switch (body.get("input")) {
            case String text -> inputs.add(text);
            case List<?> list when !list.isEmpty() && list.getFirst() instanceof Double -> inputs.add(list.toString());
            case List<?> list -> list.forEach(item -> inputs.add(String.valueOf(item)));
            case null, default -> throw new BadRequest(400, "input: expected text, or a list of texts or tokens");
        }
        return inputs;
    }
}
