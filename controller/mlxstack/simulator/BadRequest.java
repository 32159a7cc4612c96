package mlxstack.simulator;

/** What a client sent cannot be served; answered with {@code status} and the message. */
final class BadRequest extends RuntimeException {

    final int status;

    BadRequest(int status, String message) {
        super(message);
        this.status = status;
    }
}
