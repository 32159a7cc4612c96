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
 * {@code EVFILT_PROC} of kqueue: tells the end of any process we may signal, and, where the kernel is willing, how it
 * ended.
 */
final class KqueueWatch implements ExitWatch {

    static final int EVFILT_PROC = -5;
    static final int EVFILT_USER = -10;
    static final int EV_ADD = 0x1;
    static final int EV_ONESHOT = 0x10;
    static final int EV_CLEAR = 0x20;
    static final int NOTE_EXIT = 0x80000000;
    static final int NOTE_EXITSTATUS = 0x04000000;
    static final int NOTE_TRIGGER = 0x01000000;

    /** Size of {@code struct kevent}: ident, filter, flags, fflags, data, udata. */
    static final int KEVENT = 32;

    private static final int BATCH = 64;
    private static final long WAKE = 0;

    private final Libc libc;
    private final Platform platform;
    private final int kqueue;
    private final ConcurrentHashMap<Long, Integer> statuses = new ConcurrentHashMap<>();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment events = arena.allocate((long) KEVENT * BATCH, 8);
    private final MemorySegment timeout = arena.allocate(16, 8);

    KqueueWatch(Libc libc, Platform platform) {
        this.libc = libc;
        this.platform = platform;
        kqueue = libc.call(Fn.KQUEUE, 0);
        if (kqueue < 0 || change(event(1, EVFILT_USER, EV_ADD | EV_CLEAR, 0, WAKE)) < 0) {
            throw new IllegalStateException("cannot watch processes: kqueue " + kqueue);
        }
    }

    static byte[] event(long ident, int filter, int flags, int notes, long token) {
        return java.nio.ByteBuffer.allocate(KEVENT)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .putLong(ident)
                .putShort((short) filter)
                .putShort((short) flags)
                .putInt(notes)
                .putLong(0)
                .putLong(token)
                .array();
    }

    private int change(byte[] event) {
        try (var confined = Arena.ofConfined()) {
            var changes = confined.allocate(KEVENT, 8);
            MemorySegment.copy(event, 0, changes, ValueLayout.JAVA_BYTE, 0, KEVENT);
            return libc.call(Fn.KEVENT, kqueue, changes.address(), 1, 0, 0, 0);
        }
    }

    @Override
    public Watching watch(long token, long pid) {
        int result = change(event(pid, EVFILT_PROC, EV_ADD | EV_ONESHOT, NOTE_EXIT | NOTE_EXITSTATUS, token));
        if (result >= 0) {
            return Watching.YES;
        }
        return platform.isNoSuchProcess(result) ? Watching.GONE : Watching.REFUSED;
    }

    @Override
    public List<Long> await(int millis) {
        timeout.set(ValueLayout.JAVA_LONG, 0, Math.max(millis, 0) / 1000);
        timeout.set(ValueLayout.JAVA_LONG, 8, Math.max(millis, 0) % 1000 * 1_000_000L);
        int count = libc.call(Fn.KEVENT, kqueue, 0, 0, events.address(), BATCH, millis < 0 ? 0 : timeout.address());
        var tokens = new ArrayList<Long>(Math.max(count, 0));
        for (int i = 0; i < count; i++) {
            var event = events.asSlice((long) i * KEVENT, KEVENT);
            long token = event.get(ValueLayout.JAVA_LONG, 24);
            if (token != WAKE) {
                if ((event.get(ValueLayout.JAVA_INT, 12) & NOTE_EXITSTATUS) != 0) {
                    statuses.put(token, (int) event.get(ValueLayout.JAVA_LONG, 16));
                }
                tokens.add(token);
            }
        }
        return tokens;
    }

    @Override
    public void wake() {
        change(event(1, EVFILT_USER, 0, NOTE_TRIGGER, WAKE));
    }

    @Override
    public @Nullable ExitStatus remembered(long token) {
        var status = statuses.get(token);
        return status == null ? null : platform.decode(status);
    }

    @Override
    public void forget(long token) {
        statuses.remove(token);
    }

    @Override
    public void close() {
        libc.call(Fn.CLOSE, kqueue);
        arena.close();
    }
}
