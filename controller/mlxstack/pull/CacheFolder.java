package mlxstack.pull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One model's folder in the cache, laid out as the Hugging Face libraries do: contents once under {@code blobs}, named
 * by their tags; {@code snapshots/COMMIT} holds links to them under the names of the repository; {@code refs} says which
 * commit a branch or tag was.
 *
 * @param cache the hub's folder, which has all models and the locks
 */
record CacheFolder(Path cache, String repo) {

    private static final String TAG = """
            Signature: 8a477f597d28d172789f06886806bc55
            # This folder holds files that can be fetched again. https://bford.info/cachedir/
            """;

    Path root() {
        return cache.resolve("models--" + repo.replace("/", "--"));
    }

    Path blob(Checksum checksum) {
        return root().resolve("blobs").resolve(checksum.text());
    }

    /** What has come so far of a blob: always its beginning. */
    Path partial(Checksum checksum) {
        return root().resolve("blobs").resolve(checksum.text() + ".incomplete");
    }

    Path snapshots() {
        return root().resolve("snapshots");
    }

    Path snapshot(String commit) {
        return snapshots().resolve(commit);
    }

    Path pointer(String commit, String path) {
        return snapshot(commit).resolve(path);
    }

    Path refs() {
        return root().resolve("refs");
    }

    /** Our own notes; the libraries look at nothing but their own four folders. */
    Path notes() {
        return root().resolve(".mlxstack");
    }

    Path lock(String name) {
        return cache.resolve(".locks")
                .resolve("models--" + repo.replace("/", "--"))
                .resolve(name + ".lock");
    }

    void create() throws IOException {
        Files.createDirectories(root().resolve("blobs"));
        Files.createDirectories(refs());
        Files.createDirectories(snapshots());
        Path tag = cache.resolve("CACHEDIR.TAG");
        if (!Files.exists(tag)) {
            try {
                Files.writeString(tag, TAG, java.nio.file.StandardOpenOption.CREATE_NEW);
            } catch (FileAlreadyExistsException e) {
                // somebody else was as quick
            }
        }
    }

    /** The commit a revision was when it was last asked for; itself when it is a commit that is here; else null. */
    @Nullable
    String commit(String revision) {
        try {
            Path ref = refs().resolve(revision);
            if (ref.normalize().startsWith(refs()) && Files.isRegularFile(ref)) {
                return Files.readString(ref).strip();
            }
            return revision.matches("[0-9a-f]{40}") && Files.isDirectory(snapshot(revision)) ? revision : null;
        } catch (IOException | InvalidPathException e) {
            return null;
        }
    }

    /** Notes which commit a revision is; nothing for a revision that is a commit. */
    void record(String revision, String commit) throws IOException {
        Path ref = refs().resolve(revision).normalize();
        if (revision.equals(commit) || !ref.startsWith(refs())) {
            return;
        }
        Files.createDirectories(ref.resolveSibling(""));
        if (!commit.equals(Files.exists(ref) ? Files.readString(ref) : "")) {
            replace(ref, commit.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Bytes of a file that a snapshot has, wherever its link leads; -1 when it has it not. */
    long held(String commit, RemoteFile file) {
        try {
            Path pointer = pointer(commit, file.path());
            return Files.isRegularFile(pointer) ? Files.size(pointer) : -1;
        } catch (IOException e) {
            return -1;
        }
    }

    /** Bytes of a blob; -1 when there is none. */
    static long size(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : -1;
        } catch (IOException e) {
            return -1;
        }
    }

    /** Puts a snapshot's link to a blob, relative, so that the whole cache may be moved. */
    void point(String commit, RemoteFile file) throws IOException {
        Path pointer = pointer(commit, file.path());
        Path folder = pointer.resolveSibling("");
        Path target = folder.relativize(blob(file.checksum()));
        if (Files.isSymbolicLink(pointer) && Files.readSymbolicLink(pointer).equals(target)) {
            return;
        }
        Files.createDirectories(folder);
        Path fresh = folder.resolve("." + UUID.randomUUID() + ".link");
        Files.createSymbolicLink(fresh, target);
        Files.move(fresh, pointer, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    List<String> commits() throws IOException {
        if (!Files.isDirectory(snapshots())) {
            return List.of();
        }
        var commits = new ArrayList<String>();
        try (var entries = Files.list(snapshots())) {
            entries.filter(Files::isDirectory)
                    .map(e -> String.valueOf(e.getFileName()))
                    .sorted()
                    .forEach(commits::add);
        }
        return commits;
    }

    static void replace(Path file, byte[] content) throws IOException {
        Path fresh = file.resolveSibling(
                file.getFileName() + "." + UUID.randomUUID().toString().substring(0, 8) + ".tmp");
        try {
            Files.write(fresh, content);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
