package mlxstack.wire;

/** A backend's answer that cannot be understood; counts as its failure. */
public final class BadAnswer extends Exception {

    private static final long serialVersionUID = 1;

    public BadAnswer(String message) {
        super(message);
    }
}
