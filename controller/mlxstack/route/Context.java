package mlxstack.route;

import io.vavr.control.Either;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import mlxstack.wire.ApiError;

/**
 * What is declared of a request: {@code X-Mlxstack-Context: platform=telegram,source_kind=owner}, texts in the body's
 * {@code metadata}, and the record of the key it came with. The first two are claims of the client. Stateless.
 */
public final class Context {

    /** Lower case. */
    public static final String HEADER = "x-mlxstack-context";

    static final int LONGEST_HEADER = 4096;
    static final int MOST = 32;
    static final int LONGEST_VALUE = 256;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private Context() {}

    /**
     * What the header says: pairs with commas between, names and values percent-encoded where they need it. An empty
     * value is no opinion. A header that cannot be read is refused, since the request would go elsewhere than was meant.
     */
    public static Either<ApiError, Map<String, String>> header(String value) {
        if (value.length() > LONGEST_HEADER) {
            return refused("%d characters; expected at most %d".formatted(value.length(), LONGEST_HEADER));
        }
        var context = new LinkedHashMap<String, String>();
        for (String pair : value.split(",", -1)) {
            if (pair.isBlank()) {
                continue;
            }
            int equals = pair.indexOf('=');
            if (equals < 0) {
                return refused("\"%s\"; expected name=value".formatted(pair.strip()));
            }
            String name;
            String text;
            try {
                name = decoded(pair.substring(0, equals).strip());
                text = decoded(pair.substring(equals + 1).strip());
            } catch (IllegalArgumentException e) {
                return refused("\"%s\"; expected percent-encoded UTF-8".formatted(pair.strip()));
            }
            if (!usable(name, text)) {
                return refused("\"%s\"; expected a name of letters, digits and _ . -, and at most %d characters of text"
                        .formatted(pair.strip(), LONGEST_VALUE));
            }
            if (!text.isBlank() && context.put(name, text) != null) {
                return refused("\"%s\" twice; expected each name once".formatted(name));
            }
        }
        return context.size() > MOST
                ? refused("%d pairs; expected at most %d".formatted(context.size(), MOST))
                : Either.right(context);
    }

    private static Either<ApiError, Map<String, String>> refused(String what) {
        return Either.left(ApiError.invalid(400, "invalid_context", null, "X-Mlxstack-Context: found " + what));
    }

    /** Whether a claim is short and simple enough to be one; what else is in {@code metadata} is not for us. */
    static boolean usable(String name, String value) {
        return value.length() <= LONGEST_VALUE && NAME.matcher(name).matches();
    }

    /** The header is meant for the gateway and goes before metadata; what the key's record says goes before both. */
    public static Map<String, String> merge(
            Map<String, String> header, Map<String, String> metadata, Map<String, String> key) {
        if (key.isEmpty() && (header.isEmpty() || metadata.isEmpty())) {
            return header.isEmpty() ? metadata : header;
        }
        var context = new LinkedHashMap<>(metadata);
        context.putAll(header);
        context.putAll(key);
        return context;
    }

    /** A plus stands for itself. */
    private static String decoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        var out = ByteBuffer.allocate(in.length);
        for (int at = 0; at < in.length; at++) {
            if (in[at] != '%') {
                out.put(in[at]);
            } else if (at + 2 < in.length) {
                out.put((byte) (hex(in[at + 1]) << 4 | hex(in[at + 2])));
                at += 2;
            } else {
                throw new IllegalArgumentException(text);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(out.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static int hex(byte digit) {
        int value = Character.digit(digit, 16);
        if (value < 0) {
            throw new IllegalArgumentException();
        }
        return value;
    }
}
