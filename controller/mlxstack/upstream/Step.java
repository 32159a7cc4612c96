package mlxstack.upstream;

import mlxstack.wire.ApiError;

/** What is to be done next for a request. */
sealed interface Step {

    /** Ask the backend of this hop, by its index. */
    record Attempt(int hop) implements Step {}

    /** Until the backend of this hop has a free slot, or serves again. */
    record Wait(int hop) implements Step {}

    /** Nobody answers; the client is told this. */
    record Answer(ApiError error) implements Step {}

    /** The answer that the backend gave, an error, is the client's. */
    record PassOn() implements Step {}

    /** The client has had content: the stream ends with this as an error. */
    record BreakOff(ApiError error) implements Step {}

    /** There is nobody to tell. */
    record Drop() implements Step {}
}
