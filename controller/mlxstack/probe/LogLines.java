package mlxstack.probe;

import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What the children wrote, line by line. */
public interface LogLines {

    /**
     * Looks for the first line that a launch wrote, or will write, in which {@code pattern} is found.
     *
     * @param from byte offset in what that launch has written since it began, in segments rotated away too; 0 is all
     * @param found called at most once, by any thread, with that line; does not block
     * @return ends the watch; repeating it is harmless
     */
    Watch watchLines(String name, long launch, Pattern pattern, long from, Consumer<String> found);

    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
