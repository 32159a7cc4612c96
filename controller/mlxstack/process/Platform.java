package mlxstack.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import mlxstack.reconcile.ExitStatus;
import org.jspecify.annotations.Nullable;

/**
 * The kernel, as far as it differs between operating systems. Implementations hold no mutable state of consequence and
 * may be used from any thread. Results that can fail are errors as negative numbers, as the kernel gives them, or say
 * so themselves.
 */
public interface Platform {

    /** The one this program runs on. Construct it once, in a main. */
    static Platform current() {
        var os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (os.startsWith("linux")) {
            return new LinuxPlatform();
        }
        if (os.startsWith("mac")) {
            return new MacPlatform();
        }
        throw new UnsupportedOperationException("mlxstack supervises processes on macOS and Linux only; this is " + os);
    }

    /** Changes at every boot. */
    String bootId();

    /** Nanoseconds since boot without the time the machine slept; comparable between processes of one boot. */
    long awake();

    /** What the clock on the wall shows: for people, and never for deciding anything. It may be set at any time. */
    default Instant wall() {
        return Instant.now();
    }

    /** Bytes of memory of the machine, or of the container where that is less. */
    long totalMemory();

    /** Bytes of memory in use by one process, shared pages counted in full; 0 where it cannot be seen. */
    long resident(long pid);

    /** Makes this process fit to be a parent: umask 077, exit statuses kept. Process-wide; harmless when repeated. */
    void becomeParent();

    /** The new pid, leader of its own session; or a negated errno, and then there is no child. */
    int spawn(Launch launch);

    /** Reaps a child. Null while it runs; unknown if it is no child of ours. */
    @Nullable
    ExitStatus reap(long pid);

    /** In waitpid's encoding. */
    ExitStatus decode(int waitStatus);

    /** @param pid negative for a process group
     * @param signal number from {@link #signal}; 0 only asks
     * @return 0 or a negated errno */
    int kill(long pid, int signal);

    /** The number of a signal by its name, with or without {@code SIG}. */
    Optional<Integer> signal(String name);

    /** The symbolic name of an errno given as a negative number. */
    String errno(int negative);

    boolean isNoSuchProcess(int negative);

    Look look(long pid);

    /** Everybody who runs now, ourselves and what we may not look at left out. Costs some ten microseconds each. */
    List<Look.Row> everybody();

    /**
     * Who carries one of these nonces, and who of our user hides its environment.
     *
     * @param nonces null is whichever
     */
    List<Carrier> carriers(@Nullable Set<String> nonces);

    /** The file name of a program, for people; empty where it cannot be seen. */
    String program(long pid);

    /** The command line, words separated by blanks; empty where it cannot be seen. */
    String commandLine(long pid);

    /** Pids that hold a TCP listener on that port; {@code 0} stands for one that may not be looked at. */
    List<Long> listeners(int port);

    /** Whether this process holds a TCP listener on that port. Cheaper than {@link #listeners}. */
    boolean listens(long pid, int port);

    /** Whether a listener could be opened on that port: on loopback and on every address. */
    boolean bindable(int port);

    ExitWatch watch();

    /**
     * Gives the blocks of that range back to the file system; the file's size stays.
     *
     * @param offset bytes, as {@code length} a multiple of 4,096
     * @return false where the file system has no holes
     */
    boolean punchHole(Path file, long offset, long length) throws IOException;

    /** A descriptor of the file, created 0600 where missing, that no child inherits; or a negated errno. */
    int openLock(Path file);

    /** 0, or a negated errno; {@link #isHeld} tells the one that means somebody else has it. */
    int lock(int descriptor, boolean wait);

    boolean isHeld(int negative);

    /** Replaces the content of the file. */
    int overwrite(int descriptor, String text);

    void close(int descriptor);

    /**
     * A start with everything resolved.
     *
     * @param path absolute
     * @param environment {@code NAME=value}, the nonce first
     */
    record Launch(String path, List<String> argv, List<String> environment, Path cwd, Path logFile) {
        public Launch {
            argv = List.copyOf(argv);
            environment = List.copyOf(environment);
        }
    }

    /** @param nonce null for one whose environment cannot be seen */
    record Carrier(Look.Row row, @Nullable String nonce) {}
}
