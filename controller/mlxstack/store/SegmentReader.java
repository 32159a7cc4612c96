package mlxstack.store;

import io.vavr.control.Either;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.Now;
import org.jspecify.annotations.Nullable;

/** Reads one segment of the journal from its head on. A last line without its end is as if not there. One thread. */
final class SegmentReader implements AutoCloseable {

    private final InputStream in;
    private final Json json;
    private final Map<Integer, Event> remembered = new HashMap<>();
    private int line;
    private long number;
    private String bootId = "";
    private @Nullable Now before;

    SegmentReader(Path file, Json json) throws IOException {
        this.in = new BufferedInputStream(Files.newInputStream(file), 64 * 1024);
        this.json = json;
    }

    /** An event as it happened; {@code line} is the one in the file, from 1. */
    record Happened(int line, long number, Event event, Now now, List<String> effects) {}

    /** The line that was read last, from 1. */
    int line() {
        return line;
    }

    /** To be called first. Left: why there is none. */
    Either<String, JournalLine.Head> head() throws IOException {
        byte[] text = readLine();
        if (text == null) {
            return Either.left("has no whole first line");
        }
        return json.read(text, JournalLine.class).flatMap(read -> {
            if (!(read instanceof JournalLine.Head head)) {
                return Either.left("does not begin with a head");
            }
            if (head.version() != JournalLine.VERSION) {
                return Either.left(
                        "has version " + head.version() + ", this program reads version " + JournalLine.VERSION);
            }
            bootId = head.bootId();
            number = head.number() - 1;
            return Either.right(head);
        });
    }

    /** Null at the end. Left: why the line cannot be read. */
    @Nullable
    Either<String, Happened> next() throws IOException {
        byte[] text = readLine();
        if (text == null) {
            return null;
        }
        Either<String, Happened> read = text.length > 0 && text[0] == '['
                ? repeated(text)
                : json.read(text, JournalLine.class).flatMap(this::entry);
        if (read.isRight()) {
            number = read.get().number();
            before = read.get().now();
        }
        return read;
    }

    private Either<String, Happened> entry(JournalLine read) {
        if (!(read instanceof JournalLine.Entry entry)) {
            return Either.left("is no entry");
        }
        if (entry.number() != number + 1) {
            return Either.left("is event " + entry.number() + ", expected event " + (number + 1));
        }
        if (entry.id() != null) {
            remembered.put(entry.id(), entry.event());
        }
        String boot = entry.bootId() == null ? bootId : entry.bootId();
        return Either.right(new Happened(
                line, entry.number(), entry.event(), new Now(entry.awake(), boot, entry.wall()), entry.effects()));
    }

    private Either<String, Happened> repeated(byte[] text) {
        JournalLine.Repeat repeat = JournalLine.Repeat.parse(new String(text, StandardCharsets.US_ASCII));
        Now last = before;
        if (repeat == null || last == null) {
            return Either.left("is no repeat: expected [awake,skew,id] after an event");
        }
        Event event = remembered.get(repeat.id());
        if (event == null) {
            return Either.left("repeats event id " + repeat.id() + ", which did not come before");
        }
        return Either.right(new Happened(line, number + 1, event, repeat.after(last), List.of()));
    }

    private byte @Nullable [] readLine() throws IOException {
        var text = new ByteArrayOutputStream(256);
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                line++;
                return text.toByteArray();
            }
            text.write(c);
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
