package mlxstack.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the kernel says of some files without opening them, every link followed: device, inode and change
 * time. The last one moves with the bytes, the size and the modification time and is nobody's to set, so that files of equal
 * stamps have equal bytes, be they from a store where all are of the same size and age.
 *
 * @param marks one for each path
 * @param sure every file was there, on a disk of this machine, where asking again cannot hang and times are the kernel's
 *     own; and had changed so long before that another change would show, since times are no finer than a tick
 */
record Stamp(List<Path> paths, List<Map<String, Object>> marks, boolean sure) {
    private static final String ATTRIBUTES = "unix:dev,ino,ctime";
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Set<String> DISKS = Set.of(
            "apfs",
            "hfs",
            "ext2",
            "ext3",
            "ext4",
            "xfs",
            "btrfs",
            "zfs",
            "f2fs",
            "bcachefs",
            "tmpfs",
            "ramfs",
            "overlay");

    Stamp {
        paths = List.copyOf(paths);
        marks = List.copyOf(marks);
    }

    static Stamp of(List<Path> paths) {
        List<Map<String, Object>> marks = new ArrayList<>(paths.size());
        Instant latest = Instant.now().minus(TICK);
        boolean sure = true;
        for (Path path : paths) {
            try {
                Map<String, Object> mark = Files.readAttributes(path, ATTRIBUTES);
                marks.add(mark);
                sure = sure
                        && mark.get("ctime") instanceof FileTime changed
                        && changed.toInstant().isBefore(latest)
                        && DISKS.contains(Files.getFileStore(path).type());
            } catch (IOException e) {
                sure = false;
            }
        }
        return new Stamp(paths, marks, sure);
    }

    Stamp and(Stamp other) {
        List<Path> allPaths = new ArrayList<>(paths);
        allPaths.addAll(other.paths);
        List<Map<String, Object>> allMarks = new ArrayList<>(marks);
        allMarks.addAll(other.marks);
        return new Stamp(allPaths, allMarks, sure && other.sure);
    }

    /** Whether, beyond doubt, nothing has changed since. A system call for each file, and next to nothing else. */
    boolean stillHolds() {
        if (!sure) {
            return false;
        }
        try {
            for (int i = 0; i < paths.size(); i++) {
                if (!marks.get(i).equals(Files.readAttributes(paths.get(i), ATTRIBUTES))) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
