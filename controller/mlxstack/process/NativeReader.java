package mlxstack.process;

import static mlxstack.process.Constants.O_RDONLY;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import mlxstack.process.Libc.Fn;

/**
 * Reads small kernel files into one buffer that is used again: looking at a thousand processes must not allocate a
 * thousand streams. Confined to the thread that made it.
 */
final class NativeReader implements AutoCloseable {

    private final Libc libc;
    private final int flags;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment path = arena.allocate(256);
    private final MemorySegment buffer;
    private byte[] bytes = new byte[0];

    NativeReader(Libc libc, Constants constants, int capacity) {
        this.libc = libc;
        this.flags = O_RDONLY | constants.oCloexec();
        this.buffer = arena.allocate(capacity);
    }

    /** How many bytes {@link #bytes} now holds of the file, at most the capacity; or a negated errno. */
    int read(String file) {
        path.setString(0, file);
        int descriptor = libc.call(Fn.OPEN, path.address(), flags, 0);
        if (descriptor < 0) {
            return descriptor;
        }
        int size = 0;
        try {
            while (size < buffer.byteSize()) {
                long room = buffer.byteSize() - size;
                int got = libc.call(Fn.READ, descriptor, buffer.address() + size, room);
                if (got < 0 && size == 0) {
                    return got;
                }
                size += Math.max(got, 0);
                if (got < room) {
                    break; // the kernel fills what it is given
                }
            }
        } finally {
            libc.call(Fn.CLOSE, descriptor);
        }
        if (bytes.length < size) {
            bytes = new byte[Math.max(size, 4096)];
        }
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, 0, size);
        return size;
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public void close() {
        arena.close();
    }
}
