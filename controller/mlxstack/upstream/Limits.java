package mlxstack.upstream;

import java.time.Duration;
import mlxstack.route.Hop;
import mlxstack.upstream.Fault.Kind;

/** How long one request may take at one backend, by what is known of both. Stateless. */
final class Limits {

    /** Without a stream nothing comes before all is done; as long as clients themselves wait. */
    private static final Duration WHOLE = Duration.ofMinutes(10);

    private Limits() {}

    /**
     * Until the first content.
     *
     * @param last whether nobody could take over: then an answer in one piece is given as long as clients wait
     */
    static Duration firstToken(Hop hop, PromptRate rate, int promptBytes, boolean stream, boolean last) {
        var limit = hop.timeouts().firstToken();
        if (!limit.isZero() && !stream && last && limit.compareTo(WHOLE) < 0) {
            return WHOLE;
        }
        return hop.backend().isLocal() ? rate.allow(limit, promptBytes) : limit;
    }

    static Fault exceeded(Kind what, Hop hop, Timers timers) {
        var backend = hop.backend();
        var limit = timers.limit(what);
        return Fault.of(
                what,
                switch (what) {
                    case REFUSED -> Errors.unconnected(backend, limit);
                    case SILENT -> Errors.silent(backend, limit);
                    case STALLED -> Errors.stalled(backend, limit);
                    default -> Errors.overdue(backend, limit);
                });
    }
}
