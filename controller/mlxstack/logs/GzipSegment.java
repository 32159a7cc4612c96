package mlxstack.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes gzip files at level 1, one after the other, with buffers that are kept between them. Confined to a thread. */
final class GzipSegment implements AutoCloseable {

    static final int CHUNK = 256 * 1024;

    /** What an open log writes while it is read goes here; direct, so that nothing is copied on the way. */
    private final ByteBuffer plain = ByteBuffer.allocateDirect(CHUNK);

    private final ByteBuffer packed = ByteBuffer.allocateDirect(CHUNK / 2).order(ByteOrder.LITTLE_ENDIAN);
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private final CRC32 sum = new CRC32();

    /** Compresses bytes {@code from} to {@code to} of {@code log} into {@code file}; {@code sync} makes them durable. */
    void write(LiveLog log, long from, long to, FileChannel file, boolean sync) throws IOException {
        deflater.reset();
        sum.reset();
        packed.clear();
        // Magic, deflate, no flags, no time, fastest, Unix.
        packed.put(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 4, 3});
        for (long at = from; at < to; ) {
            plain.clear().limit((int) Math.min(CHUNK, to - at));
            int got = log.read(plain, at);
            if (got <= 0) {
                throw new IOException("the log became shorter than " + to + " bytes while it was copied");
            }
            at += got;
            plain.flip();
            sum.update(plain.duplicate());
            deflater.setInput(plain);
            deflate(file, false);
        }
        deflater.finish();
        deflate(file, true);
        flush(file, 8);
        packed.putInt((int) sum.getValue()).putInt((int) (to - from));
        flush(file, packed.capacity());
        if (sync) {
            file.force(false);
        }
    }

    private void deflate(FileChannel file, boolean toTheEnd) throws IOException {
        while (toTheEnd ? !deflater.finished() : !deflater.needsInput()) {
            deflater.deflate(packed);
            flush(file, 64);
        }
    }

    /** Writes out unless that much room is left. */
    private void flush(FileChannel file, int room) throws IOException {
        if (packed.remaining() < room) {
            PrivateFile.writeAll(file, packed.flip());
            packed.clear();
        }
    }

    @Override
    public void close() {
        deflater.end();
    }
}
