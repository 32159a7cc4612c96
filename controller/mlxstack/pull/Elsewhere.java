package mlxstack.pull;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Copies of a file that other programs keep on this machine. */
@FunctionalInterface
public interface Elsewhere {

    Elsewhere NOWHERE = (_, _) -> null;

    /** @param source for people, such as {@code LM Studio} */
    record Copy(Path path, String source) {}

    /** A file of the same size that may well be it; its content is still to be checked. Null when there is none. */
    @Nullable
    Copy find(String repo, RemoteFile file);
}
