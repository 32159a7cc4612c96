package mlxstack.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.vavr.control.Either;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mlxstack.reconcile.StackRecord;
import mlxstack.reconcile.UnitRecord;

/**
 * The records that must outlive the daemon: {@code state/stack.json} and {@code state/units/<name>.json}, each in {@link
 * Slots}.
 *
 * <p>Without a sync a record survives the death of the daemon and not always that of the machine, which is what intents
 * need: a machine that lost power has no children to lose track of. What has to survive that too is synced, and later
 * writes without a sync leave that copy alone.
 *
 * <p>One writer a name at a time; different names may be written by different threads.
 */
public final class StateFiles {

    private static final Envelope UNIT = new Envelope("UnitRecord", 1);
    private static final Envelope STACK = new Envelope("StackRecord", 1);
    private static final String SUFFIX = ".json";
    private static final Pattern ID = Pattern.compile("([0-9a-f]{16}) (-?[0-9]{1,19})\\s*");

    private final Path units;
    private final Path id;
    private final Slots stack;
    private final Json json;
    private final RandomGenerator random;
    private final Map<String, Slots> slots = new ConcurrentHashMap<>();

    /** @param random makes the home's id and seed; a good one, for the id tells our processes from others' */
    public StateFiles(Home home, Json json, RandomGenerator random) {
        this.units = home.units();
        this.id = home.id();
        this.stack = new Slots(home.state().resolve("stack" + SUFFIX), STACK);
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
    public Either<String, UnitRecord> persist(UnitRecord record, boolean sync) {
        return write(unit(record.name()), record, sync);
    }

    /** Always synced: overrides must survive the machine. */
    public Either<String, StackRecord> persist(StackRecord record) {
        return write(stack, record, true);
    }

    private <T extends Record> Either<String, T> write(Slots to, T record, boolean sync) {
        try {
            to.write(json.bytes(record), sync);
            return Either.right(record);
        } catch (IOException e) {
            return Either.left("cannot write the state: " + reason(e));
        }
    }

    /** Deletes what is known about {@code name}. Left: why it could not be deleted. */
    public Either<String, String> forget(String name) {
        try {
            unit(name).delete();
            slots.remove(name);
            return Either.right(name);
        } catch (IOException e) {
            return Either.left("cannot delete the state of " + name + ": " + reason(e));
        }
    }

    /** A name that was not there at the load is looked up when it is first written. */
    private Slots unit(String name) {
        return slots.computeIfAbsent(name, n -> {
            var found = new Slots(units.resolve(n + SUFFIX), UNIT);
            found.load(json, UnitRecord.class, new ArrayList<>());
            return found;
        });
    }

    /**
     * Reads everything; makes the stack's record when there is none.
     *
     * @throws IOException when the directory cannot be read, or a new stack's record not be written
     */
    public Loaded load() throws IOException {
        var problems = new ArrayList<String>();
        var records = new ArrayList<UnitRecord>();
        for (String name : names()) {
            var found = new Slots(units.resolve(name + SUFFIX), UNIT);
            UnitRecord record = found.load(json, UnitRecord.class, problems);
            slots.put(name, found);
            if (record != null && !record.name().equals(name)) {
                problems.add(units.resolve(name + SUFFIX) + " is about " + record.name() + ", and is ignored");
            } else if (record != null) {
                records.add(record);
            }
        }
        boolean known = stack.exists();
        StackRecord record = stack.load(json, StackRecord.class, problems);
        if (record == null) {
            record = rebuild(records);
            if (known || !records.isEmpty()) {
                problems.add(
                        "the stack's own record was made anew: if the stack was down or suspended as a whole, say so"
                                + " again");
            }
            Either<String, StackRecord> written = persist(record);
            if (written.isLeft()) {
                throw new IOException(written.getLeft());
            }
        }
        remember(record, problems);
        return new Loaded(record, records, problems);
    }

    /** What rebuilding needs is kept outside of the state's directory too. */
    private void remember(StackRecord record, List<String> problems) {
        var line = record.homeId() + " " + record.seed() + "\n";
        try {
            if (!Files.exists(id) || !Files.readString(id, ISO_8859_1).equals(line)) {
                PrivateFiles.replace(id, ByteBuffer.wrap(line.getBytes(ISO_8859_1)), true);
            }
        } catch (IOException e) {
            problems.add("cannot write " + id + ": " + reason(e));
        }
    }

    /** A new record; the id and the allotted ports are what they were, so that running processes stay ours. */
    private StackRecord rebuild(List<UnitRecord> records) {
        String homeId = String.format("%016x", random.nextLong());
        long seed = random.nextLong();
        Map<String, Integer> ports = new HashMap<>();
        var kept = kept();
        if (kept.matches()) {
            homeId = kept.group(1);
            seed = Long.parseLong(kept.group(2));
        }
        for (UnitRecord unit : records) {
            int slash = unit.nonce().indexOf('/');
            if (slash > 0) {
                homeId = unit.nonce().substring(0, slash);
            }
            var launched = unit.launched();
            if (unit.port() != null && launched != null && launched.template().port() == null) {
                ports.put(unit.name(), unit.port());
            }
        }
        return new StackRecord(homeId, seed, ports, null, null);
    }

    /** Matches when what {@link #remember} has written is there. */
    private Matcher kept() {
        try {
            return ID.matcher(Files.exists(id) ? Files.readString(id, ISO_8859_1) : "");
        } catch (IOException e) {
            return ID.matcher("");
        }
    }

    private Set<String> names() throws IOException {
        var names = new TreeSet<String>();
        try (Stream<Path> files = Files.list(units)) {
            files.map(file -> file.getFileName().toString()).forEach(file -> {
                int end = file.indexOf(SUFFIX);
                if (end > 0 && Slots.SUFFIXES.contains(file.substring(end + SUFFIX.length()))) {
                    names.add(file.substring(0, end));
                }
            });
        }
        return names;
    }

    /** An {@link IOException}'s own message is often only the path. */
    static String reason(IOException e) {
        return e instanceof java.nio.file.FileSystemException f && f.getReason() != null
                ? f.getFile() + ": " + f.getReason()
                : e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
    }
}
