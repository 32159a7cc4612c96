package mlxstack.gateway;

/** The configuration cannot be used; the message says where, what was found and what was expected. */
final class BadConfig extends Exception {

    private static final long serialVersionUID = 1;

    BadConfig(String message) {
        super(message);
    }
}
