package mlxstack.harness;

import io.vavr.control.Either;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts one tool's recipe into the user's files, or takes it out again. Looks first, writes later. */
public final class Work {

    private final Applied applied;
    private final Map<Path, Applied.One> before;
    private final List<Change> changes;

    private Work(Applied applied, Map<Path, Applied.One> before, List<Change> changes) {
        this.applied = applied;
        this.before = before;
        this.changes = List.copyOf(changes);
    }

    /**
     * What becomes of one file.
     *
     * @param bytes as it is; empty: there is none
     * @param after as it will be; null: it goes
     * @param ours what is put in; null for taking out
     * @param replaced what of the user's own is written over
     */
    // Nobody asks whether two of them are equal.
    @SuppressWarnings("ArrayRecordComponent")
    record Change(
            Path file,
            Optional<byte[]> bytes,
            String text,
            byte @Nullable [] after,
            Recipe.@Nullable Part ours,
            Map<String, Object> replaced) {

        boolean changes() {
            return after == null ? bytes.isPresent() : !java.util.Arrays.equals(bytes.orElse(null), after);
        }
    }

    /** How a tool's files stand. */
    public enum Standing {
        /** The tool's file is not there. */
        NO_FILE("no file"),
        /** It says nothing of us. */
        NOT_CONFIGURED("not configured"),
        CURRENT("current"),
        /** What was written once would be written differently now. */
        OUT_OF_DATE("out of date");

        private final String words;

        Standing(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /** @return or why a file cannot be changed, with its place; nothing is written */
    public static Either<String, Work> in(Path home, Harness harness, Machine machine, Recipe recipe) {
        var applied = Applied.of(home, harness, machine);
        try {
            var before = applied.read();
            var changes = new ArrayList<Change>();
            for (Recipe.Part part : recipe.parts()) {
                var change = put(part, before.get(part.file()));
                if (change.isLeft()) {
                    return Either.left(change.getLeft());
                }
                changes.add(change.get());
            }
            return Either.right(new Work(applied, before, changes));
        } catch (IOException e) {
            return Either.left(said(e));
        }
    }

    private static String said(IOException e) {
        return e instanceof java.nio.file.AccessDeniedException denied
                ? denied.getFile() + " may not be read or written"
                : e instanceof java.nio.file.FileSystemException other && other.getReason() != null
                        ? other.getFile() + ": " + other.getReason()
                        : String.valueOf(e.getMessage());
    }

    private static String said(Path file, Flaw flaw) {
        return file + ":" + flaw.line() + ":" + flaw.column() + ": " + flaw.message() + "; nothing was written";
    }

    private static Either<String, Change> put(Recipe.Part part, Applied.@Nullable One last) throws IOException {
        var notation = part.notation();
        var bytes = UserFile.read(part.file());
        return UserFile.text(bytes.orElse(new byte[0]))
                .flatMap(text -> {
                    Either<Flaw, String> cleaned = last == null
                            ? Either.right(text)
                            : Merge.without(notation, text, Merge.dropped(last.ours(), part.wanted()), last.before());
                    Either<Flaw, String> users = last == null
                            ? Either.right(text)
                            : Merge.without(notation, text, last.ours(), last.before());
                    return cleaned.flatMap(now -> Merge.with(notation, now, part.wanted()))
                            .flatMap(after -> users.<Map<String, @Nullable Object>>flatMap(notation::read)
                                    .map((Map<String, @Nullable Object> there) -> new Change(
                                            part.file(),
                                            bytes,
                                            text,
                                            after.getBytes(StandardCharsets.UTF_8),
                                            part,
                                            Merge.replaced(there, part.wanted()))));
                })
                .mapLeft(flaw -> said(part.file(), flaw));
    }

    /** Takes out all that was put in. Left: why it cannot be, or that there is nothing. */
    public static Either<String, Work> undoing(Path home, Harness harness, Machine machine, Recipe recipe) {
        var applied = Applied.of(home, harness, machine);
        try {
            var before = applied.read();
            if (before.isEmpty()) {
                return Either.left(
                        "nothing to undo: `mlxstackctl harness apply " + harness.name() + "` has written nothing here");
            }
            var changes = new ArrayList<Change>();
            for (var one : before.values()) {
                var change = takeOut(applied, one, recipe);
                if (change.isLeft()) {
                    return Either.left(change.getLeft());
                }
                changes.add(change.get());
            }
            return Either.right(new Work(applied, before, changes));
        } catch (IOException e) {
            return Either.left(said(e));
        }
    }

    private static Either<String, Change> takeOut(Applied applied, Applied.One one, Recipe recipe) throws IOException {
        var bytes = UserFile.read(one.file());
        if (bytes.isEmpty()) {
            return Either.right(new Change(one.file(), bytes, "", null, null, Map.of()));
        }
        if (one.exact() && Applied.digest(bytes.get()).equals(one.after())) {
            byte[] old = one.backup() == null ? null : applied.copy(one.backup());
            return Either.right(new Change(
                    one.file(),
                    bytes,
                    new String(bytes.get(), StandardCharsets.UTF_8),
                    one.existed() ? old : null,
                    null,
                    Map.of()));
        }
        var notation = recipe.parts().stream()
                .filter(part -> part.file().equals(one.file()))
                .map(Recipe.Part::notation)
                .findFirst()
                .orElseGet(() -> byName(one.file()));
        return UserFile.text(bytes.get())
                .flatMap(text -> Merge.without(notation, text, one.ours(), one.before())
                        .flatMap(after -> notation.read(after)
                                .map(left -> new Change(
                                        one.file(),
                                        bytes,
                                        text,
                                        left.isEmpty() && !one.existed()
                                                ? null
                                                : after.getBytes(StandardCharsets.UTF_8),
                                        null,
                                        Map.of()))))
                .mapLeft(flaw -> said(one.file(), flaw));
    }

    private static Notation byName(Path file) {
        String name = file.getFileName().toString();
        if (name.endsWith(".toml")) {
            return new TomlText();
        } else if (name.endsWith(".yaml") || name.endsWith(".yml")) {
            return new YamlText();
        } else if (name.endsWith(".env")) {
            return new EnvText();
        } else if (name.endsWith(".py")) {
            return new WholeText();
        }
        return new JsonText();
    }

    public boolean changes() {
        return changes.stream().anyMatch(Change::changes);
    }

    public Standing standing() {
        if (!changes()) {
            return Standing.CURRENT;
        } else if (!before.isEmpty()) {
            return Standing.OUT_OF_DATE;
        }
        return changes.getFirst().bytes().isEmpty() ? Standing.NO_FILE : Standing.NOT_CONFIGURED;
    }

    /** Of all files that change, as {@code diff -u} prints it. */
    public String diff() {
        var text = new StringBuilder();
        for (Change change : changes) {
            if (change.changes()) {
                String after = change.after() == null ? "" : new String(change.after(), StandardCharsets.UTF_8);
                text.append(UnifiedDiff.of(
                        change.bytes().isEmpty() ? "/dev/null" : change.file().toString(),
                        change.after() == null ? "/dev/null" : change.file().toString(),
                        change.text(),
                        after));
            }
        }
        return text.toString();
    }

    /** What each file would be if nothing else stood in it. */
    public static Map<Path, String> fragments(Recipe recipe) {
        var fragments = new LinkedHashMap<Path, String>();
        for (Recipe.Part part : recipe.parts()) {
            fragments.put(
                    part.file(),
                    Merge.with(part.notation(), "", part.wanted())
                            .getOrElseThrow(flaw -> new IllegalStateException(flaw.message())));
        }
        return fragments;
    }

    /**
     * Writes what has changed.
     *
     * @return the files written; or why not, in which case those before it are written
     */
    public Either<String, List<Path>> write() {
        var records = new LinkedHashMap<>(before);
        var written = new ArrayList<Path>();
        try {
            for (Change change : changes) {
                if (change.ours() == null) {
                    undo(change, records);
                } else if (change.changes() || !records.containsKey(change.file())) {
                    var one = record(change, records.get(change.file()));
                    records.put(change.file(), one);
                    // Before the file, so that there is a way back whenever this ends.
                    applied.write(records);
                    if (change.changes()) {
                        UserFile.replace(
                                change.file(), change.bytes(), java.util.Objects.requireNonNull(change.after()));
                    }
                }
                if (change.changes()) {
                    written.add(change.file());
                }
            }
            return Either.right(written);
        } catch (IOException e) {
            return Either.left(said(e));
        }
    }

    private Applied.One record(Change change, Applied.@Nullable One last) throws IOException {
        var part = java.util.Objects.requireNonNull(change.ours());
        String after = Applied.digest(java.util.Objects.requireNonNull(change.after()));
        if (last == null) {
            String backup = change.bytes().isEmpty()
                    ? null
                    : applied.backup(change.file(), change.bytes().get());
            return new Applied.One(
                    change.file(), change.bytes().isPresent(), true, after, backup, part.wanted(), change.replaced());
        }
        boolean untouched = change.bytes().isPresent()
                && Applied.digest(change.bytes().get()).equals(last.after());
        return new Applied.One(
                change.file(),
                last.existed(),
                last.exact() && untouched,
                after,
                last.backup(),
                part.wanted(),
                change.replaced());
    }

    private void undo(Change change, Map<Path, Applied.One> records) throws IOException {
        if (change.after() != null) {
            if (change.changes()) {
                UserFile.replace(change.file(), change.bytes(), change.after());
            }
        } else if (change.bytes().isPresent()) {
            Files.deleteIfExists(UserFile.target(change.file()));
        }
        var one = records.remove(change.file());
        applied.write(records);
        if (one != null) {
            applied.forget(one);
        }
    }
}
