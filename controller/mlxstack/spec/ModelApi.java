package mlxstack.spec;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A call that a model server may answer, by what it is asked at. */
public enum ModelApi {
    /** {@code /v1/chat/completions}. */
    CHAT,
    /** {@code /v1/completions}. */
    COMPLETIONS,
    /** {@code /v1/embeddings}. */
    EMBEDDINGS,
    /** {@code /v1/messages}. */
    MESSAGES,
    /** {@code /v1/messages/count_tokens}. */
    COUNT_TOKENS,
    /** {@code /v1/responses}. */
    RESPONSES,
    /** {@code /v1/rerank}. */
    RERANK,
    /** Anything else below {@code /v1/}, audio for one: handed on as it is. */
    OTHER;

    /** As the stack file writes it: {@code count_tokens}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Null if it is none. */
    public static @Nullable ModelApi of(String word) {
        for (ModelApi api : values()) {
            if (api.word().equals(word)) {
                return api;
            }
        }
        return null;
    }

    /** Those of the words that are one. */
    static List<ModelApi> all(List<String> words) {
        return words.stream().flatMap(word -> Stream.ofNullable(of(word))).toList();
    }
}
