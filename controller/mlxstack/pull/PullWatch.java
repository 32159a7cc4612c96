package mlxstack.pull;

/** Is told how a pull goes, by several threads at once. */
public interface PullWatch {

    PullWatch SILENT = new PullWatch() {};

    /** Before anything is fetched. */
    default void begun(PullPlan plan) {}

    /** @param bytes nearer to the end; less than nothing when some have to be fetched anew */
    default void bytes(long bytes) {}

    /** @param bytes came over the network; {@link #bytes} is told of them too */
    default void came(long bytes) {}

    /** A file is whole. */
    default void done(RemoteFile file) {}

    /** Something worth a line. */
    default void note(String line) {}
}
