package mlxstack.store;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.Now;
import mlxstack.reconcile.State;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Writes segments and keeps their sum within bounds. Confined to the journal's thread. */
final class JournalWriter implements AutoCloseable {

    /** How many different events of a segment may be referred to. */
    private static final int REMEMBERED = 4_096;

    /** One step of the loop; {@code lost} counts the events before it that could not be taken. */
    record Step(long number, long lost, State before, Event event, Now now, List<Effect> effects) {}

    private final Path dir;
    private final String build;
    private final String life;
    private final long limit;
    private final long segmentSize;
    private final Json json = new Json(new Redaction());
    private final Map<Event, Integer> remembered = new HashMap<>();

    private @Nullable OutputStream out;
    private String bootId = "";
    private @Nullable Now before;
    private long written;
    private long headSize;
    private long older;

    JournalWriter(Path dir, String build, String life, long limit) {
        this.dir = dir;
        this.build = build;
        this.life = life;
        this.limit = limit;
        this.segmentSize = limit / 16;
    }

    void write(Step step) throws IOException {
        try {
            // A head as large as what follows it would make half of the journal heads.
            if (out == null || step.lost() > 0 || written > headSize + Math.max(segmentSize, headSize)) {
                open(step);
            }
            line(step);
            if (older + written > limit) {
                dropOldest();
            }
        } catch (JacksonException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e);
        }
    }

    private void open(Step step) throws IOException {
        close();
        Path file = Segments.next(dir);
        older = size(Segments.in(dir));
        OutputStream stream = new BufferedOutputStream(Channels.newOutputStream(PrivateFiles.append(file)), 16 * 1024);
        out = stream;
        written = 0;
        bootId = step.now().bootId();
        var head = new JournalLine.Head(
                JournalLine.VERSION, build, life, bootId, step.number(), step.lost(), step.before());
        json.write(head, new Counted(stream));
        newline(stream);
        headSize = written;
    }

    private void line(Step step) throws IOException {
        OutputStream stream = java.util.Objects.requireNonNull(out);
        Now last = before;
        Integer id = remembered.get(step.event());
        if (id != null
                && last != null
                && step.effects().isEmpty()
                && step.now().bootId().equals(last.bootId())) {
            byte[] line = JournalLine.Repeat.of(last, step.now(), id).text().getBytes(StandardCharsets.US_ASCII);
            stream.write(line);
            written += line.length;
        } else {
            if (id == null && step.event() instanceof Event.ProbeResult && remembered.size() < REMEMBERED) {
                id = remembered.size();
                remembered.put(step.event(), id);
            }
            var effects = new ArrayList<String>(step.effects().size());
            for (Effect effect : step.effects()) {
                effects.add(Brief.of(effect, json.bytes(effect)));
            }
            Now now = step.now();
            String boot = now.bootId().equals(bootId) ? null : now.bootId();
            json.write(
                    new JournalLine.Entry(step.number(), now.awake(), now.wall(), boot, id, step.event(), effects),
                    new Counted(stream));
        }
        newline(stream);
        before = step.now();
    }

    private void newline(OutputStream stream) throws IOException {
        stream.write('\n');
        written++;
    }

    private void dropOldest() throws IOException {
        List<Path> all = new ArrayList<>(Segments.in(dir));
        // The last one is being written.
        all.removeLast();
        older = size(all);
        while (!all.isEmpty() && older + written > limit) {
            Path oldest = all.removeFirst();
            older -= Files.size(oldest);
            Files.delete(oldest);
        }
    }

    private static long size(List<Path> files) throws IOException {
        long size = 0;
        for (Path file : files) {
            size += Files.size(file);
        }
        return size;
    }

    void flush() throws IOException {
        OutputStream stream = out;
        if (stream != null) {
            stream.flush();
        }
    }

    /** The next step opens a new segment. */
    @Override
    public void close() throws IOException {
        OutputStream stream = out;
        out = null;
        before = null;
        remembered.clear();
        if (stream != null) {
            stream.close();
        }
    }

    /** Counts what goes through. */
    private final class Counted extends OutputStream {
        private final OutputStream to;

        Counted(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) throws IOException {
            to.write(b);
            written++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            to.write(bytes, offset, length);
            written += length;
        }
    }
}
