package mlxstack.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one name, and what its file names say. Offsets count the bytes a launch has written since its start.
 * Immutable; usable from any thread.
 */
record Shelf(Path dir) {

    private static final String SEGMENT = ".log.gz";

    /**
     * Bytes {@code from} to {@code to} of a launch, compressed; an empty file says that they were given up.
     *
     * @param to exclusive
     */
    record Segment(Path file, long launch, long from, long to) {

        /** 0 also when it is gone. */
        long size() {
            return file.toFile().length();
        }

        /** Milliseconds since 1970. */
        long written() {
            return file.toFile().lastModified();
        }
    }

    /**
     * @param file whether its log file is there
     * @param segments in order
     */
    record Launch(long number, boolean file, List<Segment> segments) {

        /** The first byte that is not in a segment. */
        long base() {
            return segments.isEmpty() ? 0 : segments.getLast().to();
        }

        /** The first segment that has or had something at or after that offset. */
        @Nullable
        Segment after(long offset) {
            for (Segment segment : segments) {
                if (segment.to() > offset) {
                    return segment;
                }
            }
            return null;
        }
    }

    static Shelf of(Path logs, String name) {
        return new Shelf(logs.resolve(name));
    }

    Path file(long launch) {
        return dir.resolve(launch + ".log");
    }

    /** When how much had been written. */
    Path times(long launch) {
        return dir.resolve(launch + ".times");
    }

    /** The offset of the file's first byte, where that is not 0. */
    Path shift(long launch) {
        return dir.resolve(launch + ".shift");
    }

    /** Holds the number of the launch that began the latest streak of failures. */
    Path kept() {
        return dir.resolve("kept");
    }

    Path segment(long launch, long from, long to) {
        return dir.resolve(launch + "." + from + "-" + to + SEGMENT);
    }

    Path temporary(long launch, long from) {
        return dir.resolve("." + launch + "." + from + ".tmp");
    }

    /** What is left when a segment was not finished. */
    List<Path> temporaries(long launch) {
        var found = new ArrayList<Path>();
        for (String name : names()) {
            if (name.startsWith("." + launch + ".") && name.endsWith(".tmp")) {
                found.add(dir.resolve(name));
            }
        }
        return found;
    }

    private String[] names() {
        var names = dir.toFile().list();
        return names == null ? new String[0] : names;
    }

    /** By number; empty where there is nothing. */
    NavigableMap<Long, Launch> launches() {
        var files = new TreeMap<Long, List<Segment>>();
        var written = new java.util.HashSet<Long>();
        for (String name : names()) {
            int dot = name.indexOf('.');
            long launch = dot < 1 ? -1 : number(name, 0, dot);
            if (launch < 0) {
                continue;
            }
            if (name.endsWith(SEGMENT)) {
                int dash = name.indexOf('-');
                long from = number(name, dot + 1, dash);
                long to = number(name, dash + 1, name.length() - SEGMENT.length());
                if (from >= 0 && to > from) {
                    files.computeIfAbsent(launch, _ -> new ArrayList<>())
                            .add(new Segment(dir.resolve(name), launch, from, to));
                }
            } else if (name.length() == dot + 4 && name.endsWith(".log")) {
                files.computeIfAbsent(launch, _ -> new ArrayList<>());
                written.add(launch);
            }
        }
        var launches = new TreeMap<Long, Launch>();
        files.forEach((launch, segments) -> {
            segments.sort(Comparator.comparingLong(Segment::from));
            launches.put(launch, new Launch(launch, written.contains(launch), List.copyOf(segments)));
        });
        return launches;
    }

    Launch launch(long number) {
        var found = launches().get(number);
        return found == null ? new Launch(number, false, List.of()) : found;
    }

    private static long number(String text, int from, int to) {
        if (to <= from || to - from > 18) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    long readShift(long launch) throws IOException {
        return readNumber(shift(launch));
    }

    /** The launch that {@link #kept} names; 0 is none. */
    long readKept() throws IOException {
        return readNumber(kept());
    }

    private static long readNumber(Path file) throws IOException {
        if (!file.toFile().exists()) {
            return 0; // the usual case, without the price of an exception
        }
        String text = Files.readString(file).strip();
        return Math.max(0, number(text, 0, text.length()));
    }

    static void writeNumber(Path file, long value) throws IOException {
        PrivateFile.replace(file, ByteBuffer.wrap((value + "\n").getBytes(StandardCharsets.US_ASCII)));
    }

    /** How many bytes of the file of a launch that has ended still take room. */
    long room(Launch launch) throws IOException {
        long size = file(launch.number()).toFile().length();
        return size - Math.clamp(launch.base() - readShift(launch.number()), 0, size);
    }

    /** Gives a segment up. The newest of a file stays as an empty one: it tells where the file begins. */
    static void giveUp(Launch launch, Segment segment) throws IOException {
        if (launch.file() && segment.equals(launch.segments().getLast())) {
            PrivateFile.fresh(segment.file()).close();
        } else {
            Files.deleteIfExists(segment.file());
        }
    }

    /** Deletes everything of a launch. */
    void delete(Launch launch) throws IOException {
        // The file first: without it, segments need no mark.
        Files.deleteIfExists(file(launch.number()));
        for (Segment segment : launch.segments()) {
            Files.deleteIfExists(segment.file());
        }
        Files.deleteIfExists(times(launch.number()));
        Files.deleteIfExists(shift(launch.number()));
    }

    /** Deletes what is left when all launches are gone. */
    void deleteRest() throws IOException {
        for (String name : names()) {
            Files.deleteIfExists(dir.resolve(name));
        }
        Files.deleteIfExists(dir);
    }

    /** Ends what a death has cut short: copies that were not finished, and holes. */
    void finish(Holes holes) throws IOException {
        for (Launch launch : launches().values()) {
            for (Path unfinished : temporaries(launch.number())) {
                Files.deleteIfExists(unfinished);
            }
            long done = launch.base() - readShift(launch.number());
            if (launch.file()
                    && done >= Rotation.BLOCK
                    && done <= file(launch.number()).toFile().length()) {
                try (var hole = holes.open(file(launch.number()))) {
                    hole.punch(0, LiveLog.floor(done));
                }
            }
        }
    }

    /** Makes renames durable. */
    void sync() throws IOException {
        try (var channel = java.nio.channels.FileChannel.open(dir, java.nio.file.StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
