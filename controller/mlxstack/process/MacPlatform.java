package mlxstack.process;

import static mlxstack.process.Constants.O_RDWR;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import mlxstack.process.Libc.Fn;
import org.jspecify.annotations.Nullable;

/** macOS: {@code libproc} and {@code sysctl}, and {@code lsof} for who listens. Usable from any thread. */
final class MacPlatform extends Posix {

    private static final int PROC_PIDTBSDINFO = 3;
    private static final int PROC_PIDTASKINFO = 4;
    private static final int TASKINFO = 96;
    private static final int CTL_KERN = 1;
    private static final int KERN_PROCARGS2 = 49;
    private static final int ARG_MAX = 1024 * 1024;
    private static final int F_PUNCHHOLE = 99;

    private final long self = ProcessHandle.current().pid();
    private volatile @Nullable String bootId;

    MacPlatform() {
        super(new Libc(), Constants.mac());
    }

    @Override
    public String bootId() {
        var known = bootId;
        if (known == null) {
            known = MacText.text(named("kern.bootsessionuuid", 64));
            bootId = known;
        }
        return known;
    }

    @Override
    public long totalMemory() {
        return MacText.number(named("hw.memsize", 8));
    }

    private byte[] named(String name, int capacity) {
        try (var arena = Arena.ofConfined()) {
            var value = arena.allocate(capacity, 8);
            var size = arena.allocateFrom(ValueLayout.JAVA_LONG, capacity);
            int result = libc.call(
                    Fn.SYSCTLBYNAME, arena.allocateFrom(name).address(), value.address(), size.address(), 0, 0, 0);
            if (result < 0) {
                throw new IllegalStateException("sysctl " + name + ": " + errno(result));
            }
            return value.asSlice(0, size.get(ValueLayout.JAVA_LONG, 0)).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    @Override
    public Look look(long pid) {
        try (var arena = Arena.ofConfined()) {
            var info = arena.allocate(MacText.BSDINFO, 8);
            // The 1 asks for zombies too.
            int size = libc.call(Fn.PROC_PIDINFO, pid, PROC_PIDTBSDINFO, 1, info.address(), MacText.BSDINFO, 0);
            if (size == MacText.BSDINFO) {
                int session = libc.call(Fn.GETSID, pid);
                return new Look.Seen(MacText.bsdinfo(info.toArray(ValueLayout.JAVA_BYTE), Math.max(session, 0)));
            }
            int alive = kill(pid, 0);
            return alive < 0 && isNoSuchProcess(alive) ? new Look.Absent() : new Look.Failed("EIO");
        }
    }

    @Override
    public long resident(long pid) {
        try (var arena = Arena.ofConfined()) {
            var info = arena.allocate(TASKINFO, 8);
            int size = libc.call(Fn.PROC_PIDINFO, pid, PROC_PIDTASKINFO, 0, info.address(), TASKINFO, 0);
            return size == TASKINFO ? info.get(ValueLayout.JAVA_LONG, 8) : 0; // pti_resident_size is the second field
        }
    }

    @Override
    public List<Look.Row> everybody() {
        var rows = new ArrayList<Look.Row>();
        for (long pid : pids()) {
            if (look(pid) instanceof Look.Seen(Look.Row row)) {
                rows.add(row);
            }
        }
        return rows;
    }

    private List<Long> pids() {
        try (var arena = Arena.ofConfined()) {
            var buffer = arena.allocate(4L * 65536, 8);
            int count = libc.call(Fn.PROC_LISTALLPIDS, buffer.address(), buffer.byteSize());
            var pids = new ArrayList<Long>();
            for (int i = 0; i < count; i++) {
                long pid = buffer.getAtIndex(ValueLayout.JAVA_INT, i);
                if (pid > 0 && pid != self) {
                    pids.add(pid);
                }
            }
            return pids;
        }
    }

    @Override
    public List<Carrier> carriers(@Nullable Set<String> nonces) {
        var carriers = new ArrayList<Carrier>();
        try (var arena = Arena.ofConfined()) {
            var buffer = arena.allocate(ARG_MAX, 8);
            for (long pid : pids()) {
                var arguments = arguments(arena, buffer, pid);
                if (arguments == null) {
                    continue; // gone, or another user's
                }
                var nonce = arguments.variable(Processes.NONCE);
                boolean hidden = arguments.environment().isEmpty();
                boolean wanted = nonce != null && (nonces == null || nonces.contains(nonce));
                if ((hidden || wanted) && look(pid) instanceof Look.Seen(Look.Row row)) {
                    carriers.add(new Carrier(row, nonce));
                }
            }
        }
        return carriers;
    }

    private MacText.@Nullable Arguments arguments(Arena arena, MemorySegment buffer, long pid) {
        var mib = arena.allocateFrom(ValueLayout.JAVA_INT, CTL_KERN, KERN_PROCARGS2, (int) pid);
        var size = arena.allocateFrom(ValueLayout.JAVA_LONG, buffer.byteSize());
        int result = libc.call(Fn.SYSCTL, mib.address(), 3, buffer.address(), size.address(), 0, 0);
        return result < 0
                ? null
                : MacText.arguments(
                        buffer.asSlice(0, size.get(ValueLayout.JAVA_LONG, 0)).toArray(ValueLayout.JAVA_BYTE));
    }

    @Override
    public String program(long pid) {
        var line = commandLine(pid);
        int blank = line.indexOf(' ');
        var first = blank < 0 ? line : line.substring(0, blank);
        return first.substring(first.lastIndexOf('/') + 1);
    }

    @Override
    public String commandLine(long pid) {
        try (var arena = Arena.ofConfined()) {
            var arguments = arguments(arena, arena.allocate(ARG_MAX, 8), pid);
            return arguments == null ? "" : String.join(" ", arguments.argv());
        }
    }

    /** {@code lsof} lists nobody else's sockets without root; a port that is taken by nobody visible has owner 0. */
    @Override
    public List<Long> listeners(int port) {
        var owners = lsof("-iTCP:" + port, "-sTCP:LISTEN");
        return owners.isEmpty() && !bindable(port) ? List.of(0L) : owners;
    }

    @Override
    public boolean listens(long pid, int port) {
        return lsof("-a", "-p", Long.toString(pid), "-iTCP:" + port, "-sTCP:LISTEN")
                .contains(pid);
    }

    private static List<Long> lsof(String... selection) {
        var command = new ArrayList<>(List.of("/usr/sbin/lsof", "-nP", "-Fp"));
        command.addAll(List.of(selection));
        try {
            var process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (var out = process.getInputStream()) {
                return MacText.lsofPids(new String(out.readAllBytes(), StandardCharsets.UTF_8));
            } finally {
                process.destroy();
            }
        } catch (IOException e) {
            return List.of();
        }
    }

    @Override
    public ExitWatch watch() {
        return new KqueueWatch(libc, this);
    }

    @Override
    public boolean punchHole(Path file, long offset, long length) throws IOException {
        int descriptor = open(file.toString(), O_RDWR | constants.oCloexec());
        if (descriptor < 0) {
            throw new IOException("cannot open " + file + ": " + errno(descriptor));
        }
        try (var arena = Arena.ofConfined()) {
            int result = libc.call(
                    Fn.FCNTL,
                    descriptor,
                    F_PUNCHHOLE,
                    arena.allocateFrom(ValueLayout.JAVA_LONG, MacText.hole(offset, length))
                            .address());
            if (result >= 0) {
                return true;
            }
            var errno = errno(result);
            if (errno.equals("ENOTSUP") || errno.equals("EOPNOTSUPP") || errno.equals("EINVAL")) {
                return false;
            }
            throw new IOException("cannot punch a hole into " + file + ": " + errno);
        } finally {
            close(descriptor);
        }
    }
}
