package mlxstack.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Looks for the first line of a launch in which a pattern is found. Fed by the store's thread; {@link #close} may come from any. */
final class LineWatch implements AutoCloseable {

    /** Longer lines are looked at in pieces. */
    private static final int LONGEST = 64 * 1024;

    private final Pattern pattern;
    private final Consumer<String> found;
    private LaunchStream stream;
    private final ByteBuffer buffer = ByteBuffer.allocate(LONGEST);
    private volatile boolean closed;

    LineWatch(Pattern pattern, Consumer<String> found, LaunchStream stream) {
        this.pattern = pattern;
        this.found = found;
        this.stream = stream;
    }

    /** The offset of the next byte to look at. */
    long position() {
        return stream.position();
    }

    /** Goes on with another stream of the same launch. */
    void restart(LaunchStream next) throws IOException {
        stream.close();
        stream = next;
    }

    boolean isClosed() {
        return closed;
    }

    /** Reads {@code most} bytes or little more; false at the present end. */
    boolean feed(long most) throws IOException {
        for (long done = 0; done < most && !closed; ) {
            int got = stream.read(buffer);
            if (got == 0) {
                return false;
            }
            done += got;
            lines();
        }
        return !closed;
    }

    /** A last line without an end counts when the launch is over. */
    void finish() throws IOException {
        while (feed(Long.MAX_VALUE)) {
            // to the end
        }
        if (buffer.position() > 0 && !closed) {
            look(0, buffer.position());
        }
    }

    private void lines() {
        int from = 0;
        int end = buffer.position();
        for (int i = 0; i < end && !closed; i++) {
            if (buffer.get(i) == '\n') {
                look(from, i);
                from = i + 1;
            }
        }
        buffer.flip().position(from);
        buffer.compact();
        if (!buffer.hasRemaining()) {
            look(0, buffer.position());
            buffer.clear();
        }
    }

    private void look(int from, int to) {
        int end = to > from && buffer.get(to - 1) == '\r' ? to - 1 : to;
        String line = new String(buffer.array(), from, end - from, StandardCharsets.UTF_8);
        if (isFound(line)) {
            closed = true;
            found.accept(line);
        }
    }

    private boolean isFound(String line) {
        try {
            return pattern.matcher(line).find();
        } catch (StackOverflowError e) {
            // The JDK's matcher recurses: a pattern that is too much for a line does not match it.
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    /** Gives the descriptors back; on the store's thread. */
    void release() throws IOException {
        closed = true;
        stream.close();
    }
}
