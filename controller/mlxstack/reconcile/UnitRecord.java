package mlxstack.reconcile;

import java.time.Instant;
import java.util.List;
import mlxstack.reconcile.Command.Mark;
import mlxstack.reconcile.Phase.Why;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/**
 * What must outlive the daemon about one name: written whenever it changes, before any effect that relies on it.
 *
 * @param launch number of the latest launch, 0 before the first
 * @param nonce of that launch
 * @param intended whether that launch may exist: true from the intent until it is known to be over
 * @param identity null while only intended
 * @param launched what that launch was started as; null before the first
 * @param port it was started with, or was allotted
 * @param waiting the back-off or hold being waited out
 * @param recent awake times of unplanned restarts, for flapping, of boot {@code bootId}
 * @param loading whether it was between start and Ready; tells the boot-loop guard whom to blame
 * @param ending why it was being ended; null when it was not
 */
public record UnitRecord(
        String name,
        long generation,
        long launch,
        String nonce,
        boolean intended,
        @Nullable Identity identity,
        @Nullable Workload launched,
        @Nullable String commandDigest,
        @Nullable Integer port,
        @Nullable Instant startedAt,
        int restarts,
        int failures,
        @Nullable Wait waiting,
        String bootId,
        List<Long> recent,
        @Nullable Long trial,
        @Nullable Ended last,
        @Nullable Finish finish,
        @Nullable Mark stopped,
        @Nullable Mark suspended,
        @Nullable Pinned pinned,
        boolean loading,
        @Nullable Why ending,
        Instant createdAt) {

    public UnitRecord {
        recent = List.copyOf(recent);
    }

    /** One finished run. */
    public record Ended(
            long launch,
            ExitStatus status,
            String reason,
            @Nullable Instant startedAt,
            Instant finishedAt) {}

    /** A run that is not to be followed by another until the template changes or somebody restarts it.
     * @param hash of the template that finished */
    public record Finish(boolean failed, String reason, String message, String hash) {}

    /** An earlier definition set over the file's.
     * @param fileHash the file's template hash at that time; the pin ends when it changes */
    public record Pinned(Workload workload, String revision, String fileHash, Command.Mark mark) {

        /** Who set it when no person did. */
        static final String AUTO_REVERT = "autoRevert";

        public boolean isAutomatic() {
            return mark.by().equals(AUTO_REVERT);
        }
    }
}
