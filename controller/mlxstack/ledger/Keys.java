package mlxstack.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import mlxstack.wire.ApiError;
import org.jspecify.annotations.Nullable;

/** Who may come in. Holds digests of keys, never a key; immutable, for any thread. */
public final class Keys {

    private static final String BEARER = "bearer ";

    private final Map<String, byte[]> digests;

    private Keys(Map<String, byte[]> digests) {
        this.digests = digests;
    }

    /** @param digests by the key's name: SHA-256 of its UTF-8 bytes in hex; none: everybody may come in */
    public static Keys ofDigests(Map<String, String> digests) {
        var parsed = new HashMap<String, byte[]>();
        digests.forEach((name, hex) -> parsed.put(name, HexFormat.of().parseHex(hex)));
        return new Keys(parsed);
    }

    /** @param secrets the keys themselves by their names; they are not kept */
    public static Keys ofSecrets(Map<String, String> secrets) {
        var digests = new HashMap<String, byte[]>();
        secrets.forEach((name, secret) -> digests.put(name, sha256(secret)));
        return new Keys(digests);
    }

    public static String digest(String secret) {
        return HexFormat.of().formatHex(sha256(secret));
    }

    /** Whoever it is. */
    public sealed interface Caller {

        /** No keys are configured. */
        record Anybody() implements Caller {}

        record Holder(String name) implements Caller {}

        record Stranger(ApiError error) implements Caller {}
    }

    /**
     * A key comes as {@code Authorization: Bearer …} (OpenAI) or {@code x-api-key} (Anthropic). Every key is compared,
     * each in constant time, so the time says nothing of what is right about a wrong one.
     *
     * @param authorization the header's value; null when it is not there
     * @param apiKey of {@code x-api-key}
     */
    public Caller caller(@Nullable String authorization, @Nullable String apiKey) {
        if (digests.isEmpty()) {
            return new Caller.Anybody();
        }
        String bearer = authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? authorization.substring(BEARER.length()).strip()
                : null;
        String holder = bearer == null ? null : holder(bearer);
        if (holder == null && apiKey != null) {
            holder = holder(apiKey.strip());
        }
        if (holder != null) {
            return new Caller.Holder(holder);
        }
        boolean none = (bearer == null || bearer.isEmpty()) && (apiKey == null || apiKey.isBlank());
        return new Caller.Stranger(ApiError.unauthorized(
                none
                        ? "no API key; this gateway expects one of its own as \"Authorization: Bearer KEY\" or"
                                + " \"x-api-key: KEY\""
                        : "wrong API key; expected one of those under gateway.keys in stack.yaml"));
    }

    private @Nullable String holder(String secret) {
        byte[] digest = sha256(secret);
        String found = null;
        for (var each : digests.entrySet()) {
            if (MessageDigest.isEqual(each.getValue(), digest)) {
                found = each.getKey();
            }
        }
        return found;
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
