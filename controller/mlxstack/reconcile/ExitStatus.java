package mlxstack.reconcile;

/** How a process ended. */
public sealed interface ExitStatus {

    record Code(int code) implements ExitStatus {}

    /** @param name without {@code SIG}, as in {@code SEGV} */
    record Signal(int number, String name, boolean coreDumped) implements ExitStatus {}

    /** Ended while nobody who could be told was watching. */
    record Unknown() implements ExitStatus {}

    default boolean isSuccess() {
        return this instanceof Code(int code) && code == 0;
    }
}
