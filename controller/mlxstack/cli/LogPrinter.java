package mlxstack.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import mlxstack.api.CliHandler;

/** Prints one log, as it is or in whole lines with something before each. Confined to one thread. */
final class LogPrinter {

    private final CliHandler.Output output;
    private final byte[] start;
    private final boolean wholeLines;
    private final ByteArrayOutputStream rest = new ByteArrayOutputStream();
    private long left;

    /** @param limit bytes of the log to print at most */
    LogPrinter(CliHandler.Output output, String start, boolean wholeLines, long limit) {
        this.output = output;
        this.start = start.getBytes(StandardCharsets.UTF_8);
        this.wholeLines = wholeLines || !start.isEmpty();
        this.left = limit;
    }

    /** @return false when no more may be printed */
    boolean print(byte[] bytes) throws InterruptedException {
        byte[] some = bytes.length <= left ? bytes : Arrays.copyOf(bytes, (int) left);
        left -= some.length;
        if (!wholeLines) {
            output.out(some);
            return left > 0;
        }
        int from = 0;
        for (int i = 0; i < some.length; i++) {
            if (some[i] == '\n') {
                rest.write(some, from, i + 1 - from);
                printRest();
                from = i + 1;
            }
        }
        rest.write(some, from, some.length - from);
        return left > 0;
    }

    /** Prints a last line that had no end. */
    void end() throws InterruptedException {
        if (rest.size() > 0) {
            printRest();
        }
    }

    private void printRest() throws InterruptedException {
        output.out(start);
        output.out(rest.toByteArray());
        rest.reset();
    }
}
