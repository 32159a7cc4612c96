package mlxstack.autostart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs real programs. Has no state; for any thread. */
public final class SystemCommands implements CommandRunner {
    private static final int NOT_FOUND = 127;
    private static final int TOO_LATE = 124;

    private final Duration limit;

    /** @param limit after which a program is killed */
    public SystemCommands(Duration limit) {
        this.limit = limit;
    }

    @Override
    public Answer run(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // Answers are read by us, not by the user.
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("SYSTEMD_COLORS", "0");
        builder.environment().put("SYSTEMD_PAGER", "");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return new Answer(NOT_FOUND, command.getFirst() + ": not found");
        }
        var late = new AtomicBoolean();
        Thread watchdog = Thread.ofVirtual().start(() -> endInTime(process, late));
        try {
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            return late.get() ? tooLate(command) : new Answer(exit, out);
        } catch (IOException e) {
            // The end of a program that is killed may show as a stream closed under its reader.
            return late.get() ? tooLate(command) : new Answer(TOO_LATE, command.getFirst() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(TOO_LATE, command.getFirst() + ": interrupted");
        } finally {
            process.destroyForcibly();
            watchdog.interrupt();
        }
    }

    /** Ends the program when its time is up; and only then, for that closes what it printed as well. */
    private void endInTime(Process process, AtomicBoolean late) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                late.set(true);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            // It has been heard to the end.
        }
    }

    private Answer tooLate(List<String> command) {
        return new Answer(TOO_LATE, "%s did not answer within %s s".formatted(command.getFirst(), seconds()));
    }

    private String seconds() {
        return limit.toMillis() % 1000 == 0
                ? Long.toString(limit.toSeconds())
                : Double.toString(limit.toMillis() / 1e3);
    }
}
