package mlxstack.process;

import static mlxstack.process.Constants.O_RDWR;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mlxstack.process.Libc.Fn;
import org.jspecify.annotations.Nullable;

/** Linux: everything there is to see is a file under {@code /proc}. Usable from any thread. */
final class LinuxPlatform extends Posix {

    /** Of x86-64 and, as good as always, of arm64. */
    private static final long PAGE = 4096;

    /** Environments are cut here; the nonce is the first thing in a child's, and near it in a grandchild's. */
    private static final int ENVIRONMENT = 256 * 1024;

    private static final int KTHREADD = 2;

    private final String bootId;
    private final long self = ProcessHandle.current().pid();

    LinuxPlatform() {
        super(new Libc(), Constants.linux());
        try {
            bootId =
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("mlxstack needs /proc to recognise processes", e);
        }
    }

    @Override
    public String bootId() {
        return bootId;
    }

    @Override
    public long totalMemory() {
        long limit = Long.MAX_VALUE;
        try (var reader = reader(4096)) {
            if (reader.read("/sys/fs/cgroup/memory.max") > 0) {
                limit = ProcText.leadingNumber(reader.bytes(), 0, Long.MAX_VALUE);
            }
            int size = reader.read("/proc/meminfo");
            var text = new String(reader.bytes(), 0, Math.max(size, 0), StandardCharsets.US_ASCII);
            return Math.min(limit, ProcText.memTotal(text));
        }
    }

    private NativeReader reader(int capacity) {
        return new NativeReader(libc, constants, capacity);
    }

    @Override
    public Look look(long pid) {
        try (var reader = reader(1024)) {
            return look(reader, pid);
        }
    }

    private Look look(NativeReader reader, long pid) {
        int size = reader.read("/proc/" + pid + "/stat");
        if (size <= 0) {
            var errno = errno(size);
            return size == 0 || errno.equals("ENOENT") || errno.equals("ESRCH")
                    ? new Look.Absent()
                    : new Look.Failed(errno);
        }
        return new Look.Seen(ProcText.stat(reader.bytes(), size));
    }

    @Override
    public long resident(long pid) {
        try (var reader = reader(256)) {
            int size = reader.read("/proc/" + pid + "/statm");
            return size <= 0 ? 0 : ProcText.residentPages(reader.bytes(), size) * PAGE;
        }
    }

    @Override
    public List<Look.Row> everybody() {
        var rows = new ArrayList<Look.Row>();
        try (var reader = reader(1024)) {
            for (long pid : pids()) {
                if (look(reader, pid) instanceof Look.Seen(Look.Row row) && row.parent() != KTHREADD) {
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    private List<Long> pids() {
        var names = Path.of("/proc").toFile().list();
        var pids = new ArrayList<Long>();
        for (var name : names == null ? new String[0] : names) {
            if (Character.isDigit(name.charAt(0))) {
                long pid = Long.parseLong(name);
                if (pid != self && pid != KTHREADD) {
                    pids.add(pid);
                }
            }
        }
        return pids;
    }

    @Override
    public List<Carrier> carriers(@Nullable Set<String> nonces) {
        var carriers = new ArrayList<Carrier>();
        try (var environment = reader(ENVIRONMENT);
                var stat = reader(1024)) {
            for (long pid : pids()) {
                int size = environment.read("/proc/" + pid + "/environ");
                if (size < 0) {
                    continue; // gone, or another user's
                }
                var nonce = ProcText.variable(environment.bytes(), size, Processes.NONCE);
                boolean hidden = nonce == null && !ProcText.looksLikeEnvironment(environment.bytes(), size);
                boolean wanted = nonce != null && (nonces == null || nonces.contains(nonce));
                if ((hidden || wanted)
                        && look(stat, pid) instanceof Look.Seen(Look.Row row)
                        && row.parent() != KTHREADD) {
                    carriers.add(new Carrier(row, nonce));
                }
            }
        }
        return carriers;
    }

    @Override
    public String program(long pid) {
        try {
            var file = Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe")).getFileName();
            return file == null ? "" : file.toString().replace(" (deleted)", "");
        } catch (IOException | RuntimeException e) {
            try (var reader = reader(256)) {
                int size = reader.read("/proc/" + pid + "/comm");
                return new String(reader.bytes(), 0, Math.max(size, 0), StandardCharsets.UTF_8).strip();
            }
        }
    }

    @Override
    public String commandLine(long pid) {
        try (var reader = reader(8192)) {
            int size = reader.read("/proc/" + pid + "/cmdline");
            return new String(reader.bytes(), 0, Math.max(size, 0), StandardCharsets.UTF_8)
                    .replace('\0', ' ')
                    .strip();
        }
    }

    @Override
    public List<Long> listeners(int port) {
        var inodes = inodes(port);
        var owners = new ArrayList<Long>();
        if (inodes.isEmpty()) {
            return owners;
        }
        var all = new ArrayList<>(pids());
        all.add(self);
        for (long pid : all) {
            if (holds(pid, inodes)) {
                owners.add(pid);
            }
        }
        if (owners.isEmpty()) {
            owners.add(0L);
        }
        return owners;
    }

    @Override
    public boolean listens(long pid, int port) {
        var inodes = inodes(port);
        return !inodes.isEmpty() && holds(pid, inodes);
    }

    private Set<String> inodes(int port) {
        var inodes = new HashSet<String>();
        for (var table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try (var lines = Files.lines(Path.of(table), StandardCharsets.US_ASCII)) {
                lines.forEach(line -> {
                    var inode = ProcText.listener(line, port);
                    if (inode != null) {
                        inodes.add("socket:[" + inode + "]");
                    }
                });
            } catch (IOException | UncheckedIOException e) {
                // a kernel without IPv6 has no tcp6
            }
        }
        return inodes;
    }

    private static boolean holds(long pid, Set<String> inodes) {
        var links = Path.of("/proc/" + pid + "/fd").toFile().list();
        for (var link : links == null ? new String[0] : links) {
            try {
                if (inodes.contains(Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/" + link))
                        .toString())) {
                    return true;
                }
            } catch (IOException | RuntimeException e) {
                // closed meanwhile
            }
        }
        return false;
    }

    @Override
    public ExitWatch watch() {
        return new EpollWatch(libc, this);
    }

    @Override
    public boolean punchHole(Path file, long offset, long length) throws IOException {
        int descriptor = open(file.toString(), O_RDWR | constants.oCloexec());
        if (descriptor < 0) {
            throw new IOException("cannot open " + file + ": " + errno(descriptor));
        }
        try {
            // FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE
            int result = libc.call(Fn.FALLOCATE, descriptor, 3, offset, length, 0, 0);
            if (result == 0) {
                return true;
            }
            var errno = errno(result);
            if (errno.equals("EOPNOTSUPP") || errno.equals("ENOSYS") || errno.equals("EINVAL")) {
                return false;
            }
            throw new IOException("cannot punch a hole into " + file + ": " + errno);
        } finally {
            close(descriptor);
        }
    }
}
