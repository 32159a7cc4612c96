package mlxstack.store;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;

/** How values of one type are written and read. Stateless, shared by all threads. */
interface Codec {

    void write(JsonGenerator out, Object value);

    /** Reads the value whose first token is the current one; its last token is current afterwards. */
    Object read(JsonParser in);

    /** What a field of this type holds when it is not there; null when it has to be there. */
    default @Nullable Object absent() {
        return null;
    }

    /** Whether {@code value} is what {@link #absent} would give, so that it need not be written. */
    default boolean isAbsent(Object value) {
        return false;
    }

    /** The text was JSON, and something else than what was expected. */
    final class Mismatch extends RuntimeException {
        private static final long serialVersionUID = 1;

        Mismatch(String message) {
            super(message, null, false, false);
        }

        Mismatch in(String field) {
            String text = String.valueOf(getMessage());
            return new Mismatch(field + (text.startsWith("[") || text.startsWith(":") ? "" : ".") + text);
        }

        static Mismatch expected(String what, JsonParser in) {
            return new Mismatch(": expected " + what + ", found " + in.currentToken());
        }
    }
}
