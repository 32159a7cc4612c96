package mlxstack.upstream;

import java.time.Duration;
import java.util.Objects;
import mlxstack.route.Backend;
import mlxstack.wire.ApiError;

/** What clients are told of backends that do not answer. Stateless. */
final class Errors {

    /** Seconds; a restart takes one or two. */
    private static final int ENDING_RETRY = 2;

    private static final String UPSTREAM = "upstream_error";

    private Errors() {}

    static ApiError queueFull(Standing hop) {
        var backend = hop.backend();
        return new ApiError(
                429,
                "rate_limit_error",
                "queue_full",
                null,
                "the queue of endpoint %s is full: %d requests run and %d wait; try again"
                        .formatted(backend.id(), backend.concurrency(), backend.maxWaiting()),
                Math.max(1, hop.estimate()));
    }

    static ApiError waitedTooLong(Standing hop) {
        var backend = hop.backend();
        return new ApiError(
                503,
                "unavailable_error",
                "queue_timeout",
                null,
                "no turn at endpoint %s within %s; try again".formatted(backend.id(), shown(backend.maxWait())),
                Math.max(1, hop.estimate()));
    }

    static ApiError resting(Standing hop) {
        return new ApiError(
                429,
                "rate_limit_error",
                "backend_resting",
                null,
                "%s takes no requests for another %d s, as it said itself"
                        .formatted(name(hop.backend()), hop.restSeconds()),
                hop.restSeconds());
    }

    static ApiError unreachable(Backend backend, Throwable error) {
        return ApiError.unreachable(backend.id(), place(backend), reason(error), backend.retryAfterSeconds());
    }

    static ApiError unconnected(Backend backend, Duration limit) {
        return ApiError.unreachable(
                backend.id(), place(backend), "no connection within " + shown(limit), backend.retryAfterSeconds());
    }

    static ApiError silent(Backend backend, Duration limit) {
        return timeout("%s gave no content within %s".formatted(name(backend), shown(limit)));
    }

    static ApiError stalled(Backend backend, Duration limit) {
        return timeout("%s gave nothing more for %s".formatted(name(backend), shown(limit)));
    }

    static ApiError overdue(Backend backend, Duration limit) {
        return timeout("the answer of %s took longer than %s".formatted(name(backend), shown(limit)));
    }

    private static ApiError timeout(String message) {
        return new ApiError(504, UPSTREAM, "upstream_timeout", null, message, 0);
    }

    static ApiError empty(Backend backend) {
        return new ApiError(
                502,
                UPSTREAM,
                "upstream_empty",
                null,
                "%s ended its answer without any content".formatted(name(backend)),
                0);
    }

    static ApiError malformed(Backend backend, String what) {
        return new ApiError(
                502,
                UPSTREAM,
                "upstream_malformed",
                null,
                "%s answered what cannot be understood: %s".formatted(name(backend), what),
                0);
    }

    /** @param said by the backend itself, within its stream */
    static ApiError said(Backend backend, String said) {
        return new ApiError(
                Fault.saysTooLong(said) ? 400 : 502,
                Fault.saysTooLong(said) ? "invalid_request_error" : UPSTREAM,
                Fault.saysTooLong(said) ? "context_length_exceeded" : "upstream_failed",
                null,
                "%s: %s".formatted(backend.id(), said),
                0);
    }

    static ApiError ending() {
        return new ApiError(
                503,
                "unavailable_error",
                "gateway_stopping",
                null,
                "the gateway ends and could not wait any longer; the next one is there in seconds: try again",
                ENDING_RETRY);
    }

    /** Never seen by a client: tokens are estimated then. */
    static ApiError nobodyCounts() {
        return new ApiError(503, "unavailable_error", null, null, "no backend counts tokens", 0);
    }

    static String reason(Throwable error) {
        var message = Objects.toString(error.getMessage(), error.getClass().getSimpleName());
        return message.startsWith("Connection refused") ? "connection refused" : message;
    }

    private static String name(Backend backend) {
        return (backend.isLocal() ? "endpoint " : "backend ") + backend.id();
    }

    private static String place(Backend backend) {
        return backend.isLocal()
                ? "port " + backend.base().getPort()
                : String.valueOf(backend.base().getHost());
    }

    private static String shown(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
