package mlxstack.autostart;

import java.nio.file.Path;
import java.util.List;

/**
 * What is to be started at login.
 *
 * @param launcher {@code $MLXSTACK_HOME/lib/<digest>/mlxstackd}: named after the product, and independent of any checkout
 * @param home {@code $MLXSTACK_HOME}
 * @param reads what it must be able to read besides: the stack file, wherever that is
 * @param javaHome the JDK that the launcher is to use; nothing else would lead it there at login
 */
public record Job(Path launcher, Path home, Path javaHome, List<Path> reads) {
    public Job {
        reads = List.copyOf(reads);
    }
}
