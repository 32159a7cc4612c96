package mlxstack.ledger;

import java.util.function.Function;
import mlxstack.wire.ApiError;
import org.jspecify.annotations.Nullable;

/** Who may come in, by the key that a request brings. Immutable; for the threads its lookup is for. */
public final class Keys {

    private static final String BEARER = "bearer ";

    private final boolean needed;
    private final Function<String, @Nullable String> holder;

    /**
     * @param needed false: everybody may come in
     * @param holder the name of the key that is this text, compared by digests in constant time; null: of none
     */
    public Keys(boolean needed, Function<String, @Nullable String> holder) {
        this.needed = needed;
        this.holder = holder;
    }

    /** Whoever it is. */
    public sealed interface Caller {

        /** No keys are configured. */
        record Anybody() implements Caller {}

        record Holder(String name) implements Caller {}

        record Stranger(ApiError error) implements Caller {}
    }

    /**
     * A key comes as {@code Authorization: Bearer …} (OpenAI) or {@code x-api-key} (Anthropic).
     *
     * @param authorization the header's value; null when it is not there
     * @param apiKey of {@code x-api-key}
     */
    public Caller caller(@Nullable String authorization, @Nullable String apiKey) {
        if (!needed) {
            return new Caller.Anybody();
        }
        String bearer = authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? authorization.substring(BEARER.length()).strip()
                : null;
        String name = bearer == null ? null : holder.apply(bearer);
        if (name == null && apiKey != null) {
            name = holder.apply(apiKey.strip());
        }
        if (name != null) {
            return new Caller.Holder(name);
        }
        boolean none = (bearer == null || bearer.isEmpty()) && (apiKey == null || apiKey.isBlank());
        return new Caller.Stranger(ApiError.unauthorized(
                none
                        ? "no API key; this gateway expects one of its own as \"Authorization: Bearer KEY\" or"
                                + " \"x-api-key: KEY\""
                        : "wrong API key; expected one of those under gateway.keys in stack.yaml"));
    }
}
