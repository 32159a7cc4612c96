package mlxstack.logs;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;

/**
 * A process that writes numbered lines as fast as it can. Arguments: the first number. Input: for each line, how many to
 * write; it ends with the input. It says on its error output when it has written them.
 */
final class Writer implements AutoCloseable {

    private final Process process;
    private long asked;

    Writer(Path log, long first) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var path = System.getProperty("java.class.path");
        process = new ProcessBuilder(
                        java, "-Xmx64m", "-XX:TieredStopAtLevel=1", "-cp", path, Writer.class.getName(), "" + first)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    void ask(long lines) throws IOException {
        process.outputWriter().write(lines + "\n");
        process.outputWriter().flush();
        asked++;
    }

    /** Until it has written what was asked of it so far. */
    void await() throws IOException {
        for (; asked > 0; asked--) {
            if (process.errorReader().readLine() == null) {
                throw new IOException("the writer died");
            }
        }
    }

    void write(long lines) throws IOException {
        ask(lines);
        await();
    }

    /** Passes some time, unless the writer dies meanwhile. */
    void pass(long millis) throws InterruptedException {
        if (process.waitFor(millis, java.util.concurrent.TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("the writer died");
        }
    }

    @Override
    public void close() throws IOException {
        process.outputWriter().close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IllegalStateException(e);
        }
    }

    /** Around 100 bytes, of changing length. */
    static byte[] line(long number) {
        var text = new StringBuilder(128).append(number).append(" INFO request served in ");
        var random = new Random(number);
        for (int i = 40 + (int) (number % 37); i > 0; i -= 9) {
            text.append(Integer.toHexString(random.nextInt())).append(' ');
        }
        return text.append('\n').toString().getBytes(StandardCharsets.US_ASCII);
    }

    public static void main(String[] args) throws IOException {
        long number = Long.parseLong(args[0]);
        // The size of a pipe's atomic write, and so lines are cut as C programs cut them.
        try (var out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 4096);
                var in = new java.io.BufferedReader(new java.io.InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                for (long i = Long.parseLong(line); i > 0; i--) {
                    out.write(line(number++));
                }
                out.flush();
                System.err.println("written");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
