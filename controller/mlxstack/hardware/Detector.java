package mlxstack.hardware;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** Finds out what this machine is. May wait seconds for commands; what it cannot learn is absent. Usable by any thread. */
public interface Detector {

    Hardware hardware();

    Load load();

    /** For the platform we run on. */
    static Detector ofThisMachine() {
        var commands = new SystemCommands(Duration.ofSeconds(10));
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac")
                ? new AppleDetector(commands)
                : new LinuxDetector(commands, Path.of("/"));
    }
}
