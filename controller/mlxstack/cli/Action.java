package mlxstack.cli;

/** One verb with its parsed options; made for one command line and used by its thread alone. */
interface Action {

    /** @return the exit code */
    int run(Session session) throws InterruptedException;

    /** The exit code when the options themselves are wrong. */
    default int misuse() {
        return 1;
    }
}
