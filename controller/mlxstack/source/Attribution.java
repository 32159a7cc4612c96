package mlxstack.source;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Says where some bytes come from. Blocks; called off the watcher's thread, by one thread at a time. */
@FunctionalInterface
public interface Attribution {

    /**
     * @param realPath a file in a git work tree
     * @param content what was read there, which may differ from what is there by now
     * @return commit id, followed by {@code +dirty} if the commit holds other bytes under that path or none; null when
     *     there is no commit, or it cannot be known
     */
    @Nullable
    String commit(Path realPath, Content content);
}
