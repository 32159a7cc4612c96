package mlxstack.logs;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import mlxstack.api.LogSource;

/** Is shown what a {@link Writer} wrote, and complains about the first byte that is not as expected. */
final class Numbered {

    private long next;
    private byte[] line;
    private int at;

    Numbered(long first) {
        next = first;
        line = Writer.line(first);
    }

    /** The number of the next line. */
    long next() {
        return next;
    }

    /** Nothing of the next line has been seen. */
    boolean isWhole() {
        return at == 0;
    }

    void show(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (bytes[i] != line[at]) {
                throw new AssertionError("line " + next + ", byte " + at + ": expected "
                        + new String(line, StandardCharsets.US_ASCII).strip() + " but what follows is "
                        + new String(bytes, i, Math.min(200, count - i), StandardCharsets.US_ASCII));
            }
            if (++at == line.length) {
                line = Writer.line(++next);
                at = 0;
            }
        }
    }

    /** Reads to the end. */
    Numbered readAll(LogSource.Reader reader) throws Exception {
        return readTo(reader, Long.MAX_VALUE);
    }

    /** Reads up to the line of that number, or the end. */
    Numbered readTo(LogSource.Reader reader, long number) throws Exception {
        while (next < number) {
            byte[] bytes = reader.next();
            if (bytes == null) {
                break;
            }
            show(bytes, bytes.length);
        }
        return this;
    }

    /** What other tools say. */
    static byte[] output(String... command) throws Exception {
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var out = new ByteArrayOutputStream();
        process.getInputStream().transferTo(out);
        if (process.waitFor() != 0) {
            throw new AssertionError(String.join(" ", command) + " failed");
        }
        return out.toByteArray();
    }
}
