package mlxstack.wire;

/** A client's request that cannot be done; {@link #error} says it in the client's words. */
public final class BadRequest extends Exception {

    private static final long serialVersionUID = 1;

    private final transient ApiError error;

    public BadRequest(ApiError error) {
        super(error.message());
        this.error = error;
    }

    public ApiError error() {
        return error;
    }
}
