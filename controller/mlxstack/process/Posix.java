package mlxstack.process;

import static mlxstack.process.Constants.AF_INET;
import static mlxstack.process.Constants.LOCK_EX;
import static mlxstack.process.Constants.LOCK_NB;
import static mlxstack.process.Constants.O_RDWR;
import static mlxstack.process.Constants.SOCK_STREAM;
import static mlxstack.process.Constants.WNOHANG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import mlxstack.process.Libc.Fn;
import mlxstack.reconcile.ExitStatus;
import org.jspecify.annotations.Nullable;

/** What both kernels do alike, given their {@link Constants}. Usable from any thread. */
abstract class Posix implements Platform {

    private static final ValueLayout.OfShort NETWORK_SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    final Libc libc;
    final Constants constants;
    private final Spawner spawner;

    Posix(Libc libc, Constants constants) {
        this.libc = libc;
        this.constants = constants;
        this.spawner = new Spawner(libc, constants);
    }

    /** The JDK's nanosecond clock is this very clock on both systems; a test holds it to that. */
    @Override
    public final long awake() {
        return System.nanoTime();
    }

    @Override
    public final void becomeParent() {
        libc.call(Fn.UMASK, 0x3f);
        // A parent that ignored SIGCHLD hands that down, and then the kernel throws exit statuses away.
        libc.call(Fn.SIGNAL, constants.signals().getOrDefault("CHLD", 0), 0);
    }

    @Override
    public final int spawn(Launch launch) {
        return spawner.spawn(launch);
    }

    @Override
    public final @Nullable ExitStatus reap(long pid) {
        try (var arena = Arena.ofConfined()) {
            var status = arena.allocate(ValueLayout.JAVA_INT);
            int result = libc.call(Fn.WAITPID, pid, status.address(), WNOHANG);
            if (result == 0 || result == -constants.eintr()) {
                return null;
            }
            return result < 0 ? new ExitStatus.Unknown() : decode(status.get(ValueLayout.JAVA_INT, 0));
        }
    }

    @Override
    public final ExitStatus decode(int waitStatus) {
        int signal = waitStatus & 0x7f;
        return signal == 0
                ? new ExitStatus.Code((waitStatus >> 8) & 0xff)
                : new ExitStatus.Signal(signal, constants.signalName(signal), (waitStatus & 0x80) != 0);
    }

    @Override
    public final int kill(long pid, int signal) {
        return libc.call(Fn.KILL, pid, signal);
    }

    @Override
    public final Optional<Integer> signal(String name) {
        return constants.signal(name);
    }

    @Override
    public final String errno(int negative) {
        return constants.errno(-negative);
    }

    @Override
    public final boolean isNoSuchProcess(int negative) {
        return -negative == constants.esrch();
    }

    @Override
    public final int openLock(Path file) {
        return open(file.toString(), O_RDWR | constants.oCreat() | constants.oCloexec());
    }

    @Override
    public final int lock(int descriptor, boolean wait) {
        while (true) {
            int result = libc.call(Fn.FLOCK, descriptor, wait ? LOCK_EX : LOCK_EX | LOCK_NB);
            if (result != -constants.eintr()) {
                return result;
            }
        }
    }

    @Override
    public final boolean isHeld(int negative) {
        return -negative == constants.wouldBlock();
    }

    @Override
    public final int overwrite(int descriptor, String text) {
        int truncated = libc.call(Fn.FTRUNCATE, descriptor, 0);
        if (truncated < 0) {
            return truncated;
        }
        try (var arena = Arena.ofConfined()) {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            var segment = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            return libc.call(Fn.WRITE, descriptor, segment.address(), bytes.length);
        }
    }

    @Override
    public final void close(int descriptor) {
        libc.call(Fn.CLOSE, descriptor);
    }

    /** A descriptor or a negated errno; created 0600 where the flags say so. */
    final int open(String path, int flags) {
        try (var arena = Arena.ofConfined()) {
            return libc.call(Fn.OPEN, arena.allocateFrom(path).address(), flags, 0x180);
        }
    }

    /** A listener on every address clashes with one on any; BSD wants each asked for by itself. */
    @Override
    public final boolean bindable(int port) {
        try (var arena = Arena.ofConfined()) {
            var any6 = arena.allocate(28, 8);
            return canBind(AF_INET, ipv4(arena, port, 0x7f000001), 16)
                    && canBind(AF_INET, ipv4(arena, port, 0), 16)
                    && canBind(constants.afInet6(), address(any6, constants.afInet6(), 28, port), 28);
        }
    }

    private MemorySegment ipv4(Arena arena, int port, int address) {
        var socket = address(arena.allocate(16, 8), AF_INET, 16, port);
        socket.set(ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN), 4, address);
        return socket;
    }

    private MemorySegment address(MemorySegment socket, int family, int length, int port) {
        if (constants.sockaddrHasLength()) {
            socket.set(ValueLayout.JAVA_BYTE, 0, (byte) length);
            socket.set(ValueLayout.JAVA_BYTE, 1, (byte) family);
        } else {
            socket.set(ValueLayout.JAVA_SHORT, 0, (short) family);
        }
        socket.set(NETWORK_SHORT, 2, (short) port);
        return socket;
    }

    /** False only if the address is taken: whatever else is wrong (no IPv6, a privileged port) is not our question. */
    private boolean canBind(int family, MemorySegment address, int length) {
        int socket = libc.call(Fn.SOCKET, family, SOCK_STREAM, 0);
        if (socket < 0) {
            return true;
        }
        try (var arena = Arena.ofConfined()) {
            var one = arena.allocateFrom(ValueLayout.JAVA_INT, 1);
            // Connections in TIME_WAIT do not hold a port.
            libc.call(Fn.SETSOCKOPT, socket, constants.solSocket(), constants.soReuseAddr(), one.address(), 4, 0);
            return libc.call(Fn.BIND, socket, address.address(), length) != -constants.eaddrinuse();
        } finally {
            close(socket);
        }
    }
}
