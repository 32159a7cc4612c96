package mlxstack.source;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that have settled. Whether they are a valid stack is for others to say; they never read the file again.
 *
 * @param realPath where the bytes really lie, every link followed; relative paths in the stack start at its directory
 * @param commit what {@code HEAD} is there, with {@code +dirty} where it does not hold these bytes; null outside a work
 *     tree, and where git could not say
 * @param store the Nix store path the file belongs to; null outside a store
 */
public record Candidate(
        Content content,
        Path realPath,
        @Nullable String commit,
        @Nullable String store) {

    private static final Path STORE = Path.of("/nix/store");

    static Candidate of(Content content, Path realPath, @Nullable String commit) {
        return new Candidate(content, realPath, commit, storeOf(realPath));
    }

    static @Nullable String storeOf(Path realPath) {
        return realPath.startsWith(STORE) && realPath.getNameCount() > STORE.getNameCount()
                ? STORE.resolve(realPath.getName(STORE.getNameCount())).toString()
                : null;
    }

    public byte[] bytes() {
        return content.bytes();
    }

    /** Hex SHA-256 of the bytes. */
    public String digest() {
        return content.digest();
    }
}
