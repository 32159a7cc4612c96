package mlxstack.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The ways in which backends report tokens. */
public final class Usages {

    private Usages() {}

    /** Of the whole body of an answer; null when it says nothing. All but the one field is skipped. */
    public static @Nullable Usage inAnswer(Dialect dialect, byte[] body) {
        try (var in = Json.parser(body, body.length)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean usage = in.currentName().equals("usage");
                var token = in.nextToken();
                if (usage) {
                    return of(dialect, Json.value(in, token));
                }
                in.skipChildren();
            }
        } catch (JacksonException _) {
            return null;
        }
        return null;
    }

    /** @param usage the object of this name; null when there is none or it counts nothing */
    static @Nullable Usage of(Dialect dialect, @Nullable JsonNode usage) {
        if (!(usage instanceof ObjectNode object) || object.isEmpty()) {
            return null;
        }
        return dialect == Dialect.MESSAGES ? messages(object) : openAi(object);
    }

    /** Chat and Responses, which differ in names only. */
    private static @Nullable Usage openAi(ObjectNode usage) {
        long input = either(usage, "prompt_tokens", "input_tokens");
        long output = either(usage, "completion_tokens", "output_tokens");
        if (input < 0 && output < 0) {
            return null;
        }
        long read = 0;
        long written = 0;
        var in = details(usage, "prompt_tokens_details", "input_tokens_details");
        if (in != null) {
            read = Json.number(in, "cached_tokens", 0);
            written = Json.number(in, "cache_write_tokens", Json.number(in, "cache_creation_tokens", 0));
        }
        read = Math.max(read, Json.number(usage, "prompt_cache_hit_tokens", 0));
        read = Math.max(read, Json.number(usage, "cache_read_input_tokens", 0));
        written = Math.max(written, Json.number(usage, "cache_creation_input_tokens", 0));
        var out = details(usage, "completion_tokens_details", "output_tokens_details");
        long reasoning = Json.number(usage, "reasoning_tokens", 0);
        if (out != null) {
            reasoning = Json.number(out, "reasoning_tokens", reasoning);
        }
        return new Usage(Math.max(0, input), Math.max(0, output), read, written, reasoning);
    }

    /** Anthropic counts what its cache has read and written beside the input, not in it. */
    private static @Nullable Usage messages(ObjectNode usage) {
        if (!Json.has(usage, "input_tokens") && !Json.has(usage, "output_tokens")) {
            return null;
        }
        long read = Json.number(usage, "cache_read_input_tokens", 0);
        long written = Json.number(usage, "cache_creation_input_tokens", 0);
        var details = Json.object(usage, "output_tokens_details");
        long reasoning = details == null
                ? 0
                : Json.number(details, "thinking_tokens", Json.number(details, "reasoning_tokens", 0));
        return new Usage(
                Json.number(usage, "input_tokens", 0) + read + written,
                Json.number(usage, "output_tokens", 0),
                read,
                written,
                reasoning);
    }

    private static long either(ObjectNode usage, String chat, String responses) {
        return Json.number(usage, chat, Json.number(usage, responses, -1));
    }

    private static @Nullable ObjectNode details(ObjectNode usage, String chat, String responses) {
        var details = Json.object(usage, chat);
        return details != null ? details : Json.object(usage, responses);
    }

    /** As chat completions say it. */
    static ObjectNode chat(Usage usage) {
        var node = Json.object();
        node.put("prompt_tokens", usage.input())
                .put("completion_tokens", usage.output())
                .put("total_tokens", usage.input() + usage.output());
        node.putObject("prompt_tokens_details")
                .put("cached_tokens", usage.cacheRead())
                .put("cache_write_tokens", usage.cacheWrite());
        node.putObject("completion_tokens_details").put("reasoning_tokens", usage.reasoning());
        return node;
    }

    /** As Messages say it. */
    static ObjectNode messages(Usage usage) {
        return Json.object()
                .put("input_tokens", Math.max(0, usage.input() - usage.cacheRead() - usage.cacheWrite()))
                .put("cache_creation_input_tokens", usage.cacheWrite())
                .put("cache_read_input_tokens", usage.cacheRead())
                .put("output_tokens", usage.output());
    }
}
