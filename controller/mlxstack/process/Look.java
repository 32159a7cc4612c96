package mlxstack.process;

/**
 * What came of looking at one pid. That nothing could be seen (no descriptor left, say) must never be taken for nothing
 * being there: a second copy would be started.
 */
public sealed interface Look {

    record Seen(Row row) implements Look {}

    record Absent() implements Look {}

    /** @param errno symbolic name */
    record Failed(String errno) implements Look {}

    /**
     * One entry of the kernel's process table.
     *
     * @param parent pid of the parent
     * @param group process group
     * @param start raw kernel start time, as in {@link mlxstack.reconcile.Identity}
     * @param zombie whether it has ended and waits to be reaped
     * @param waitStatus in waitpid's encoding; means something only of a zombie
     */
    record Row(long pid, long parent, long group, long session, long start, boolean zombie, int waitStatus) {}
}
