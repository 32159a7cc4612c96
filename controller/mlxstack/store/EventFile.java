package mlxstack.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Event records one a line; a later line of the same name replaces an earlier one. Written anew when most lines are
 * replaced. Not thread-safe: {@link Events} guards it.
 */
final class EventFile implements AutoCloseable {

    private static final int SLACK = 1_000;

    private final Path file;
    private final Json json;
    private @Nullable FileChannel out;
    private int lines;
    private boolean torn;

    EventFile(Path file, Json json) {
        this.file = file;
        this.json = json;
    }

    /** By name, in the order of their latest lines. What cannot be read is left out: a death may cut the last line. */
    Map<String, EventRecord> load() throws IOException {
        var records = new LinkedHashMap<String, EventRecord>();
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return records;
        }
        int from = 0;
        for (int i = 0; i < content.length; i++) {
            if (content[i] == '\n') {
                lines++;
                json.read(content, from, i - from, EventRecord.class)
                        .peek(record -> {
                            records.remove(record.name());
                            records.put(record.name(), record);
                        })
                        .peekLeft(why -> torn = true);
                from = i + 1;
            }
        }
        torn |= from < content.length;
        return records;
    }

    /** @param kept everything that is to be in the file, {@code record} included */
    void append(EventRecord record, Collection<EventRecord> kept) throws IOException {
        if (torn || lines > 2 * kept.size() + SLACK) {
            rewrite(kept);
            return;
        }
        byte[] line = json.bytes(record);
        ByteBuffer buffer =
                ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n').flip();
        // Whatever goes wrong from here on loses the line or cuts it; then all is written anew the next time.
        torn = true;
        FileChannel channel = out;
        if (channel == null) {
            channel = PrivateFiles.append(file);
            out = channel;
        }
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        torn = false;
        lines++;
    }

    void rewrite(Collection<EventRecord> kept) throws IOException {
        close();
        var content = new ByteArrayOutputStream();
        for (EventRecord record : kept) {
            json.write(record, content);
            content.write('\n');
        }
        PrivateFiles.replace(file, ByteBuffer.wrap(content.toByteArray()), false);
        lines = kept.size();
        torn = false;
    }

    @Override
    public void close() throws IOException {
        FileChannel channel = out;
        out = null;
        if (channel != null) {
            channel.close();
        }
    }
}
