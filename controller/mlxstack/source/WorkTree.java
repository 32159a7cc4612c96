package mlxstack.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A git work tree as far as a few small files tell, without starting git: that there is one, and whether its {@code HEAD}
 * may have moved since the last look.
 *
 * @param gitDir the work tree's own part: {@code .git}, or what a {@code .git} file names
 * @param commonDir the part shared between the work trees of one repository
 */
record WorkTree(Path gitDir, Path commonDir) {

    /** The innermost work tree around a real path; null when there is none. */
    static @Nullable WorkTree around(Path realPath) {
        for (Path directory = realPath.getParent(); directory != null; directory = directory.getParent()) {
            Path git = directory.resolve(".git");
            if (Files.isDirectory(git)) {
                return new WorkTree(git, git);
            }
            if (Files.isRegularFile(git)) {
                return linked(git);
            }
        }
        return null;
    }

    /** A work tree made by {@code git worktree add}, or a submodule. */
    private static @Nullable WorkTree linked(Path file) {
        String text = read(file);
        if (!text.startsWith("gitdir:")) {
            return null;
        }
        Path gitDir =
                file.resolveSibling(text.substring("gitdir:".length()).strip()).normalize();
        String common = read(gitDir.resolve("commondir")).strip();
        return new WorkTree(
                gitDir, common.isEmpty() ? gitDir : gitDir.resolve(common).normalize());
    }

    /** Changes whenever {@code HEAD} means another commit; may change without. For comparing only. */
    String fingerprint() {
        String head = read(gitDir.resolve("HEAD")).strip();
        if (!head.startsWith("ref:")) {
            return head;
        }
        String name = head.substring("ref:".length()).strip();
        String ref = read(commonDir.resolve(name)).strip();
        return String.join(
                " ", name, ref, stamp(commonDir.resolve("packed-refs")), stamp(gitDir.resolve("reftable/tables.list")));
    }

    /** Files that change when the fingerprint does. The log of HEAD is missing only where somebody has turned it off. */
    List<Path> movesWithHead() {
        return List.of(gitDir.resolve("HEAD"), gitDir.resolve("logs/HEAD"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    private static String stamp(Path file) {
        try {
            BasicFileAttributes a = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return a.fileKey() + ":" + a.size() + ":" + a.lastModifiedTime();
        } catch (NoSuchFileException e) {
            return "-";
        } catch (IOException e) {
            return "?";
        }
    }
}
