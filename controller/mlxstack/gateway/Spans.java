package mlxstack.gateway;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The names of one request's spans: its own, and one for each backend that is asked. Event loop only. */
final class Spans {

    private static final HexFormat HEX = HexFormat.of();

    final String trace;
    /** Of the client; null when the trace begins here. */
    final @Nullable String parent;

    final String id = fresh();
    private @Nullable String attempt;

    private Spans(String trace, @Nullable String parent) {
        this.trace = trace;
        this.parent = parent;
    }

    /**
     * Goes on with the client's trace, or begins one.
     *
     * @return null when the client's is not recorded
     */
    static @Nullable Spans of(@Nullable TraceParent client) {
        if (client == null) {
            return new Spans(fresh() + fresh(), null);
        }
        return client.sampled() ? new Spans(client.trace(), client.span()) : null;
    }

    /** The next backend is asked; the header it is told that by. */
    String asks() {
        String fresh = fresh();
        attempt = fresh;
        return "00-" + trace + "-" + fresh + "-01";
    }

    /** Of the backend that was asked; null when it was not. Once. */
    @Nullable
    String asked() {
        String last = attempt;
        attempt = null;
        return last;
    }

    /** Never zero, which stands for none. */
    private static String fresh() {
        long id = ThreadLocalRandom.current().nextLong();
        return HEX.toHexDigits(id == 0 ? 1 : id);
    }
}
