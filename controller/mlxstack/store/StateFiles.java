package mlxstack.store;

import io.vavr.control.Either;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import mlxstack.reconcile.StackRecord;
import mlxstack.reconcile.UnitRecord;
import org.jspecify.annotations.Nullable;

/**
 * The records that must outlive the daemon: {@code state/stack.json} and {@code state/units/<name>.json}, each with the
 * copy before it ({@code .prev}) and the latest one that was synced ({@code .synced}).
 *
 * <p>A record is written beside and renamed into place. Without a sync that survives the death of the daemon and not
 * always that of the machine, which is what intents need: a machine that lost power has no children to lose track of.
 * What has to survive that too is in the synced copy, which later writes without a sync leave alone: after a power cut
 * both of the others may be empty.
 *
 * <p>One writer a name at a time; different names may be written by different threads.
 */
public final class StateFiles {

    private static final Envelope UNIT = new Envelope("UnitRecord", 1);
    private static final Envelope STACK = new Envelope("StackRecord", 1);
    private static final String SUFFIX = ".json";
    private static final String PREVIOUS = ".prev";
    private static final String SYNCED = ".synced";
    private static final List<String> COPIES = List.of(PREVIOUS, SYNCED);

    private final Path units;
    private final Path stack;
    private final Json json;
    private final RandomGenerator random;

    /** @param random makes the home's id and seed; a good one, for the id tells our processes from others' */
    public StateFiles(Home home, Json json, RandomGenerator random) {
        this.units = home.units();
        this.stack = home.state().resolve("stack" + SUFFIX);
        this.json = json;
        this.random = random;
    }

    /**
     * What was found at a start.
     *
     * @param problems one line each, for people: what could not be read, and what was done instead
     */
    public record Loaded(StackRecord stack, List<UnitRecord> units, List<String> problems) {
        public Loaded {
            units = List.copyOf(units);
            problems = List.copyOf(problems);
        }
    }

    /** Left: why it could not be written; what was there before stays readable. */
    public Either<String, Path> persist(UnitRecord record, boolean sync) {
        return write(unit(record.name()), UNIT, record, sync);
    }

    /** Always synced: overrides must survive the machine. */
    public Either<String, Path> persist(StackRecord record) {
        return write(stack, STACK, record, true);
    }

    /** Deletes what is known about {@code name}. */
    public Either<String, Path> forget(String name) {
        Path file = unit(name);
        try {
            // The current one last: a death in between must not bring an old copy back to life.
            for (String copy : COPIES) {
                Files.deleteIfExists(copy(file, copy));
            }
            Files.deleteIfExists(file);
            return Either.right(file);
        } catch (IOException e) {
            return Either.left("cannot delete " + file + ": " + reason(e));
        }
    }

    /**
     * Reads everything; makes the stack's record when there is none. Unreadable files are set aside as {@code .bad}.
     *
     * @throws IOException when the directory cannot be read or written at all
     */
    public Loaded load() throws IOException {
        var problems = new ArrayList<String>();
        var records = new ArrayList<UnitRecord>();
        for (String name : names()) {
            UnitRecord record = read(unit(name), UNIT, UnitRecord.class, problems);
            if (record != null && !record.name().equals(name)) {
                problems.add(unit(name) + " is about " + record.name() + ", and was ignored");
            } else if (record != null) {
                records.add(record);
            }
        }
        boolean known = Files.exists(stack) || Files.exists(copy(stack, PREVIOUS));
        StackRecord record = read(stack, STACK, StackRecord.class, problems);
        if (record == null) {
            record = rebuild(records);
            if (known || !records.isEmpty()) {
                problems.add(stack + " was made anew: if the stack was down or suspended as a whole, say so again");
            }
            Either<String, Path> written = persist(record);
            if (written.isLeft()) {
                throw new IOException(written.getLeft());
            }
        }
        return new Loaded(record, records, problems);
    }

    /** A new record; the id and the allotted ports are taken from the units', so that running processes stay ours. */
    private StackRecord rebuild(List<UnitRecord> records) {
        String id = String.format("%016x", random.nextLong());
        Map<String, Integer> ports = new HashMap<>();
        for (UnitRecord unit : records) {
            int slash = unit.nonce().indexOf('/');
            if (slash > 0) {
                id = unit.nonce().substring(0, slash);
            }
            var launched = unit.launched();
            if (unit.port() != null && launched != null && launched.template().port() == null) {
                ports.put(unit.name(), unit.port());
            }
        }
        return new StackRecord(id, random.nextLong(), ports, null, null);
    }

    private Set<String> names() throws IOException {
        var names = new TreeSet<String>();
        try (Stream<Path> files = Files.list(units)) {
            files.map(file -> file.getFileName().toString()).forEach(file -> {
                int end = file.indexOf(SUFFIX);
                String rest = end < 0 ? "" : file.substring(end + SUFFIX.length());
                if (end > 0 && !file.startsWith(".") && (rest.isEmpty() || COPIES.contains(rest))) {
                    names.add(file.substring(0, end));
                }
            });
        }
        return names;
    }

    private <T> @Nullable T read(Path file, Envelope envelope, Class<T> type, List<String> problems)
            throws IOException {
        Either<String, T> current = open(file, envelope, type);
        if (current != null && current.isRight()) {
            return current.get();
        }
        var damages = new ArrayList<String>();
        if (current != null) {
            // Set aside, or the next write would put it in the place of the good copy.
            Files.move(file, copy(file, ".bad"), StandardCopyOption.REPLACE_EXISTING);
            damages.add(file + " " + current.getLeft());
        }
        for (String suffix : COPIES) {
            Path copy = copy(file, suffix);
            Either<String, T> before = open(copy, envelope, type);
            if (before != null && before.isRight()) {
                if (!damages.isEmpty()) {
                    problems.add(String.join("; ", damages) + "; " + copy.getFileName() + " is used instead");
                }
                return before.get();
            }
            if (before != null) {
                damages.add(copy + " " + before.getLeft());
            }
        }
        if (!damages.isEmpty()) {
            problems.add(String.join("; ", damages) + "; there is no other copy");
        }
        return null;
    }

    /** Null when there is no such file. */
    private <T> @Nullable Either<String, T> open(Path file, Envelope envelope, Class<T> type) {
        try {
            return envelope.open(Files.readAllBytes(file), json, type);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            return Either.left("cannot be read: " + reason(e));
        }
    }

    private Either<String, Path> write(Path file, Envelope envelope, Record record, boolean sync) {
        Path fresh = file.resolveSibling("." + file.getFileName() + ".tmp");
        try {
            PrivateFiles.write(fresh, envelope.wrap(json.bytes(record)), sync);
            // Deleted first: ext4 starts writing back at once what is renamed over something.
            Files.deleteIfExists(copy(file, PREVIOUS));
            try {
                Files.move(file, copy(file, PREVIOUS), StandardCopyOption.ATOMIC_MOVE);
            } catch (NoSuchFileException e) {
                // The first one has nothing before it.
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            if (sync) {
                Path synced = copy(file, SYNCED);
                Files.deleteIfExists(synced);
                Files.createLink(synced, file);
                PrivateFiles.syncDirectory(file.getParent());
            }
            return Either.right(file);
        } catch (IOException e) {
            return Either.left("cannot write " + file + ": " + reason(e));
        }
    }

    private Path unit(String name) {
        return units.resolve(name + SUFFIX);
    }

    private static Path copy(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    /** An {@link IOException}'s own message is often only the path. */
    static String reason(IOException e) {
        return e instanceof java.nio.file.FileSystemException f && f.getReason() != null
                ? f.getReason()
                : e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
    }
}
