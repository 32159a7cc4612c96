package mlxstack.autostart;

import io.vavr.control.Either;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Starting the daemon at login, by whatever this system has for that. Every call may be repeated without harm. */
public interface Autostart {

    /** Writes the job's file, and sees that the daemon runs by it, restarting it only if the file has changed. */
    Either<Failure, Done> install(Job job);

    /** Stops the daemon and takes the file away. What it supervises goes on running. */
    Either<Failure, Done> uninstall();

    /** @param job what {@link #install} would install now; null when that is not known */
    Status status(@Nullable Job job);

    /** @param notes what was done and what to know, a line each */
    record Done(List<String> notes) {
        public Done {
            notes = List.copyOf(notes);
        }
    }

    /** @param message what went wrong and what to do about it */
    record Failure(String message) {}

    /**
     * @param manager {@code launchd} or {@code systemd}
     * @param file where the job's file is or would be
     * @param installed whether it is there
     * @param current whether it is what {@link #install} would write; true when that is not known
     * @param loaded whether the manager knows the job
     * @param pid of the running daemon; null when it does not run by this job
     * @param findings what is not as it should be, each with what to do about it
     */
    record Status(
            String manager,
            String file,
            boolean installed,
            boolean current,
            boolean loaded,
            @Nullable Long pid,
            List<String> findings) {
        public Status {
            findings = List.copyOf(findings);
        }

        /** Whether the daemon runs now and will at the next login. */
        public boolean healthy() {
            return installed && current && loaded && pid != null && findings.isEmpty();
        }
    }

    /** What this machine has: launchd on macOS, else the user's systemd.
     * @param osName as in {@code os.name} */
    static Autostart of(
            String osName, Map<String, String> environment, Path userHome, CommandRunner commands, Pause pause) {
        String uid = commands.run("id", "-u").out().strip();
        if (osName.toLowerCase(Locale.ROOT).contains("mac")) {
            return new Launchd(commands, pause, userHome, uid);
        }
        String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
        return new SystemdUser(commands, config.isEmpty() ? userHome.resolve(".config") : Path.of(config), uid);
    }

    /** Lets time pass; a test's does not. */
    @FunctionalInterface
    interface Pause {
        void of(Duration time);

        /** Real time. */
        static Pause real() {
            return time -> {
                try {
                    Thread.sleep(time);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            };
        }
    }
}
