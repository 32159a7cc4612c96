package mlxstack.simulator;

/** A flag or header that cannot be understood; the message is for the person who wrote it. */
final class BadKnob extends IllegalArgumentException {

    BadKnob(String message) {
        super(message);
    }
}
