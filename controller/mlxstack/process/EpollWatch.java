package mlxstack.process;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import mlxstack.process.Libc.Fn;
import mlxstack.reconcile.ExitStatus;
import org.jspecify.annotations.Nullable;

/**
 * One pidfd a process in one edge-triggered epoll. A pidfd tells of strangers' ends as of children's, and keeps naming
 * the same process whatever becomes of its pid.
 */
final class EpollWatch implements ExitWatch {

    private static final int SYS_PIDFD_OPEN = 434;
    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EFD_CLOEXEC_NONBLOCK = 0x80800;
    private static final int CTL_ADD = 1;
    private static final int IN_EDGE = 0x80000001;
    private static final int BATCH = 64;

    /** {@code _IOWR(0xFF, 11, 64 bytes)}: what the kernel (6.15 and newer) knows of the process of a pidfd. */
    private static final long PIDFD_GET_INFO = 0xC040FF0BL;

    private static final long INFO_EXIT = 8;
    private static final long WAKE = 0;

    private final Libc libc;
    private final Platform platform;
    private final ConcurrentHashMap<Long, Integer> pidfds = new ConcurrentHashMap<>();
    private final int epoll;
    private final int eventfd;

    /** The structure is packed on x86-64 only. */
    private final int dataOffset = System.getProperty("os.arch", "").matches("amd64|x86_64") ? 4 : 8;

    private final int eventSize = dataOffset + 8;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment events = arena.allocate((long) eventSize * BATCH, 8);

    EpollWatch(Libc libc, Platform platform) {
        this.libc = libc;
        this.platform = platform;
        epoll = libc.call(Fn.EPOLL_CREATE1, EPOLL_CLOEXEC);
        eventfd = libc.call(Fn.EVENTFD, 0, EFD_CLOEXEC_NONBLOCK);
        if (epoll < 0 || eventfd < 0 || add(eventfd, WAKE) != 0) {
            throw new IllegalStateException("cannot watch processes: epoll " + epoll + ", eventfd " + eventfd);
        }
    }

    private int add(int descriptor, long token) {
        try (var confined = Arena.ofConfined()) {
            var event = confined.allocate(eventSize, 8);
            event.set(ValueLayout.JAVA_INT, 0, IN_EDGE);
            event.set(ValueLayout.JAVA_LONG_UNALIGNED, dataOffset, token);
            return libc.call(Fn.EPOLL_CTL, epoll, CTL_ADD, descriptor, event.address(), 0, 0);
        }
    }

    @Override
    public Watching watch(long token, long pid) {
        int pidfd = libc.call(Fn.SYSCALL, SYS_PIDFD_OPEN, pid, 0);
        if (pidfd < 0) {
            return platform.isNoSuchProcess(pidfd) ? Watching.GONE : Watching.REFUSED;
        }
        pidfds.put(token, pidfd);
        if (add(pidfd, token) != 0) {
            forget(token);
            return Watching.REFUSED;
        }
        return Watching.YES;
    }

    @Override
    public List<Long> await(int millis) {
        int count = libc.call(Fn.EPOLL_WAIT, epoll, events.address(), BATCH, millis, 0, 0);
        var tokens = new ArrayList<Long>(Math.max(count, 0));
        for (int i = 0; i < count; i++) {
            long token = events.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) i * eventSize + dataOffset);
            if (token != WAKE) {
                tokens.add(token);
            }
        }
        return tokens;
    }

    /** Edge-triggered, so nobody has to read the counter back. */
    @Override
    public void wake() {
        try (var confined = Arena.ofConfined()) {
            libc.call(
                    Fn.WRITE,
                    eventfd,
                    confined.allocateFrom(ValueLayout.JAVA_LONG, 1).address(),
                    8);
        }
    }

    @Override
    public @Nullable ExitStatus remembered(long token) {
        var pidfd = pidfds.get(token);
        if (pidfd == null) {
            return null;
        }
        try (var confined = Arena.ofConfined()) {
            var info = confined.allocate(64, 8);
            info.set(ValueLayout.JAVA_LONG, 0, INFO_EXIT);
            int result = libc.call(Fn.IOCTL, pidfd, PIDFD_GET_INFO, info.address());
            return result == 0 && (info.get(ValueLayout.JAVA_LONG, 0) & INFO_EXIT) != 0
                    ? platform.decode(info.get(ValueLayout.JAVA_INT, 60))
                    : null;
        }
    }

    @Override
    public void forget(long token) {
        var pidfd = pidfds.remove(token);
        if (pidfd != null) {
            libc.call(Fn.CLOSE, pidfd);
        }
    }

    @Override
    public void close() {
        List.copyOf(pidfds.keySet()).forEach(this::forget);
        libc.call(Fn.CLOSE, epoll);
        libc.call(Fn.CLOSE, eventfd);
        arena.close();
    }
}
