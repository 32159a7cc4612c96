package mlxstack.store;

import io.vavr.control.Either;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record in up to three files, written in turns: never over the latest one, never over the latest synced one. The
 * latest whole one counts.
 *
 * <p>Files are written in place. Making, renaming and deleting files costs ten to fifty times as much (ext4 does not give
 * a deleted file's inode out again for a while, and searches around it), and where the disk is full it fails.
 *
 * <p>Not thread-safe: one writer at a time.
 */
final class Slots {

    /** What is added to the file's name. The first two suffice until something is synced. */
    static final List<String> SUFFIXES = List.of("", ".1", ".2");

    private static final int NONE = -1;

    private final Path file;
    private final Envelope envelope;
    private long sequence;
    private int latest = NONE;
    private int synced = NONE;

    Slots(Path file, Envelope envelope) {
        this.file = file;
        this.envelope = envelope;
    }

    private Path slot(int index) {
        return index == 0 ? file : file.resolveSibling(file.getFileName() + SUFFIXES.get(index));
    }

    boolean exists() {
        return SUFFIXES.stream().anyMatch(suffix -> Files.exists(file.resolveSibling(file.getFileName() + suffix)));
    }

    /**
     * Finds the latest whole record, and where the next may be written.
     *
     * @param problems receives one line if something was damaged
     * @return null when there is none
     */
    <T> @Nullable T load(Json json, Class<T> type, List<String> problems) {
        sequence = 0;
        latest = NONE;
        synced = NONE;
        long syncedSequence = 0;
        long best = -1;
        T found = null;
        var damages = new ArrayList<String>();
        for (int i = 0; i < SUFFIXES.size(); i++) {
            Either<String, byte[]> content = bytes(slot(i));
            if (content == null) {
                continue;
            }
            Either<String, Envelope.Head> head = content.flatMap(envelope::head);
            Either<String, T> record = head.flatMap(h -> envelope.open(h, content.get(), json, type));
            if (record.isLeft()) {
                damages.add(slot(i) + " " + record.getLeft());
                if (content.isRight()) {
                    setAside(slot(i));
                }
            }
            if (head.isLeft()) {
                continue;
            }
            Envelope.Head h = head.get();
            sequence = Math.max(sequence, h.sequence());
            if (record.isRight() && h.sequence() > best) {
                best = h.sequence();
                latest = i;
                found = record.get();
            }
            if (record.isRight() && h.synced() && h.sequence() >= syncedSequence) {
                syncedSequence = h.sequence();
                synced = i;
            }
        }
        if (!damages.isEmpty()) {
            String instead =
                    found == null ? "there is no other copy" : slot(latest).getFileName() + " is used";
            problems.add(String.join("; ", damages) + "; " + instead);
        }
        return found;
    }

    /** For whoever wants to know what happened; and so that it is reported once. */
    private static void setAside(Path damaged) {
        try {
            Files.move(
                    damaged,
                    damaged.resolveSibling(damaged.getFileName() + ".bad"),
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            // It stays where it is and is written over later.
        }
    }

    /** Null when there is no such file. */
    private static @Nullable Either<String, byte[]> bytes(Path file) {
        try {
            return Either.right(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            return Either.left("cannot be read: " + StateFiles.reason(e));
        }
    }

    void write(byte[] record, boolean sync) throws IOException {
        int next = 0;
        while (next == latest || next == synced) {
            next++;
        }
        PrivateFiles.overwrite(slot(next), envelope.wrap(record, sequence + 1, sync), sync);
        if (sync) {
            PrivateFiles.syncDirectory(file.getParent());
            synced = next;
        }
        latest = next;
        sequence++;
    }

    /** The latest one last: a death in between must not bring an old one back to life. */
    void delete() throws IOException {
        for (int i = 0; i < SUFFIXES.size(); i++) {
            if (i != latest) {
                Files.deleteIfExists(slot(i));
            }
        }
        if (latest != NONE) {
            Files.deleteIfExists(slot(latest));
        }
        latest = NONE;
        synced = NONE;
    }
}
