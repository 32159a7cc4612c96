package mlxstack.process;

import static mlxstack.process.Constants.O_RDONLY;
import static mlxstack.process.Constants.O_WRONLY;
import static mlxstack.process.Constants.SETSIGDEF;
import static mlxstack.process.Constants.SETSIGMASK;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import mlxstack.process.Libc.Fn;

/**
 * Starts a child that owes us nothing: its own session, default signals, none of our descriptors, nothing to read, and
 * an append-only file it owns itself to write to. Usable from any thread.
 */
final class Spawner {

    /** More than any libc's own structures take. */
    private static final long OPAQUE = 512;

    private final Libc libc;
    private final Constants constants;

    /** Never changed once made, and needed as long as we are. */
    private final MemorySegment attributes = Arena.global().allocate(OPAQUE, 16);

    private final boolean closeFrom;

    Spawner(Libc libc, Constants constants) {
        this.libc = libc;
        this.constants = constants;
        closeFrom = constants.spawnFlags() == 0;
        var signals = Arena.global().allocate(OPAQUE, 16);
        libc.call(Fn.POSIX_SPAWNATTR_INIT, attributes.address());
        libc.call(
                Fn.POSIX_SPAWNATTR_SETFLAGS,
                attributes.address(),
                constants.setsid() | constants.spawnFlags() | SETSIGDEF | SETSIGMASK);
        libc.call(Fn.SIGFILLSET, signals.address());
        libc.call(Fn.POSIX_SPAWNATTR_SETSIGDEFAULT, attributes.address(), signals.address());
        libc.call(Fn.SIGEMPTYSET, signals.address());
        libc.call(Fn.POSIX_SPAWNATTR_SETSIGMASK, attributes.address(), signals.address());
    }

    /** The pid, or a negated errno. */
    int spawn(Platform.Launch launch) {
        try (var arena = Arena.ofConfined()) {
            var actions = arena.allocate(OPAQUE, 16);
            int failed = libc.call(Fn.POSIX_SPAWN_FILE_ACTIONS_INIT, actions.address());
            if (failed != 0) {
                return -failed;
            }
            try {
                failed = describe(arena, actions.address(), launch);
                if (failed != 0) {
                    return -failed;
                }
                var pid = arena.allocate(ValueLayout.JAVA_INT);
                failed = libc.call(
                        Fn.POSIX_SPAWN,
                        pid.address(),
                        arena.allocateFrom(launch.path()).address(),
                        actions.address(),
                        attributes.address(),
                        strings(arena, launch.argv()).address(),
                        strings(arena, launch.environment()).address());
                return failed != 0 ? -failed : pid.get(ValueLayout.JAVA_INT, 0);
            } finally {
                libc.call(Fn.POSIX_SPAWN_FILE_ACTIONS_DESTROY, actions.address());
            }
        }
    }

    private int describe(Arena arena, long actions, Platform.Launch launch) {
        int append = O_WRONLY | constants.oAppend() | constants.oCreat();
        int failed = open(arena, actions, 0, "/dev/null", O_RDONLY);
        failed = failed != 0 ? failed : open(arena, actions, 1, launch.logFile().toString(), append);
        failed = failed != 0 ? failed : libc.call(Fn.POSIX_SPAWN_FILE_ACTIONS_ADDDUP2, actions, 1, 2);
        if (failed == 0 && closeFrom) {
            failed = libc.call(Fn.POSIX_SPAWN_FILE_ACTIONS_ADDCLOSEFROM_NP, actions, 3);
        }
        return failed != 0
                ? failed
                : libc.call(
                        Fn.POSIX_SPAWN_FILE_ACTIONS_ADDCHDIR_NP,
                        actions,
                        arena.allocateFrom(launch.cwd().toString()).address());
    }

    private int open(Arena arena, long actions, int descriptor, String path, int flags) {
        return libc.call(
                Fn.POSIX_SPAWN_FILE_ACTIONS_ADDOPEN,
                actions,
                descriptor,
                arena.allocateFrom(path).address(),
                flags,
                0x180,
                0);
    }

    private static MemorySegment strings(Arena arena, List<String> texts) {
        var array = arena.allocate(ValueLayout.ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            array.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(texts.get(i)));
        }
        array.setAtIndex(ValueLayout.ADDRESS, texts.size(), MemorySegment.NULL);
        return array;
    }
}
