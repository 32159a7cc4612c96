package mlxstack.process;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import mlxstack.process.Look.Row;
import mlxstack.process.Watched.Group;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Identity;
import mlxstack.spec.Policy.KillMode;
import org.jspecify.annotations.Nullable;

/**
 * What runs on of a launch whose leader has ended.
 *
 * @param doomed proven to be of that launch and to be ended
 * @param others in words: what is not proven, or not ours to end
 */
record Remains(List<Row> doomed, List<String> others) {

    Remains {
        doomed = List.copyOf(doomed);
        others = List.copyOf(others);
    }

    /**
     * Judges what a look through all processes has shown. Stateless but for what never changes.
     *
     * <p>Proof is the group, where we saw the leader end and members were left at that moment (the kernel gives the
     * number to nobody else until they are gone), or the nonce.
     */
    static final class Judge {

        private static final Pattern DAEMON =
                Pattern.compile("(^|[/ ])mlxstackd( |$)|mlxstack\\.daemon\\.Main|-jar \\S*mlxstack\\.jar");
        private static final Set<String> INIT = Set.of("systemd", "launchd", "init");
        private static final long NOBODY = -1;

        private final Platform platform;

        /** A sub-reaper that could inherit our children's children is one of our own ancestors. */
        private final Set<Long> ancestors = new HashSet<>(Set.of(1L));

        Judge(Platform platform) {
            this.platform = platform;
            for (var at = ProcessHandle.current().parent();
                    at.isPresent();
                    at = at.get().parent()) {
                ancestors.add(at.get().pid());
            }
        }

        Remains of(Effect.Clear clear, @Nullable Identity identity, Group group, Sweeps.Sweep sweep) {
            long leader = leader(identity);
            var doomed = new ArrayList<Row>();
            var others = new ArrayList<String>();
            var seen = new HashSet<Long>();
            for (var carrier : sweep.carriers()) {
                var row = carrier.row();
                boolean marked = clear.nonce().equals(carrier.nonce());
                boolean inside = row.session() == leader;
                boolean hidden = inside && carrier.nonce() == null;
                if (row.zombie() || !(marked || hidden) || !seen.add(row.pid())) {
                    continue;
                }
                boolean ours = inside
                        ? (marked || group != Group.UNKNOWN)
                        : (clear.killMode() == KillMode.ALL && strayed(row));
                if (ours) {
                    doomed.add(row);
                } else {
                    others.add(describe(platform, row.pid())
                            + (inside
                                    ? " is in its session, but cannot be proven to be of this launch"
                                    : " was started by it and runs on in another session"));
                }
            }
            for (var row : sweep.rows()) {
                if (row.group() == leader && !row.zombie() && seen.add(row.pid())) {
                    if (group == Group.LEFT || row.pid() == leader) {
                        doomed.add(row);
                    } else {
                        others.add(describe(platform, row.pid())
                                + " is in its group, but cannot be proven to be of this launch");
                    }
                }
            }
            return new Remains(doomed, others);
        }

        /** The number of the session that is or was ours; nobody's once the pid belongs to somebody else. */
        private long leader(@Nullable Identity identity) {
            if (identity == null) {
                return NOBODY;
            }
            boolean reused =
                    platform.look(identity.pid()) instanceof Look.Seen(Row row) && row.start() != identity.start();
            return reused ? NOBODY : identity.pid();
        }

        private boolean strayed(Row row) {
            boolean orphan = ancestors.contains(row.parent()) || INIT.contains(platform.program(row.parent()));
            return orphan && !DAEMON.matcher(platform.commandLine(row.pid())).find();
        }
    }

    static String describe(Platform platform, long pid) {
        var program = platform.program(pid);
        return program.isEmpty() ? "pid " + pid : "%s (pid %d)".formatted(program, pid);
    }
}
