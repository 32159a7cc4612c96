package mlxstack.store;

import io.vavr.control.Either;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * A record in a file, with what it takes to know that it is whole: a first line {@code mlxstack <type> <version> <bytes>
 * <crc32c>}, then the record's JSON on the second.
 *
 * @param type what is inside, so that a file under a wrong name is not taken for something else
 * @param version of the record's meaning; others are not read
 */
record Envelope(String type, int version) {

    private static final String MAGIC = "mlxstack";

    ByteBuffer wrap(byte[] json) {
        byte[] head = (MAGIC + " " + type + " " + version + " " + json.length + " " + checksum(json, 0, json.length)
                        + "\n")
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + json.length + 1)
                .put(head)
                .put(json)
                .put((byte) '\n')
                .flip();
    }

    /** Left: why the content cannot be used. */
    <T> Either<String, T> open(byte[] content, Json json, Class<T> as) {
        if (content.length == 0) {
            return Either.left("is empty");
        }
        int end = 0;
        while (end < content.length && end < 128 && content[end] != '\n') {
            end++;
        }
        String[] head = new String(content, 0, end, StandardCharsets.US_ASCII).split(" ", -1);
        if (end == content.length || end == 128 || head.length != 5 || !head[0].equals(MAGIC)) {
            return Either.left("is not one of ours: its first line is no \"" + MAGIC + " " + type + " …\"");
        }
        if (!head[1].equals(type)) {
            return Either.left("holds a " + head[1] + ", expected a " + type);
        }
        if (!head[2].equals(Integer.toString(version))) {
            return Either.left("has version " + head[2] + ", this program reads version " + version);
        }
        int from = end + 1;
        int there = content.length - from;
        if (!head[3].equals(Integer.toString(there - 1))) {
            return Either.left("is cut or was edited: its first line says " + head[3] + " bytes, there are "
                    + Math.max(0, there - 1));
        }
        if (!head[4].equals(checksum(content, from, there - 1))) {
            return Either.left("is damaged or was edited: its checksum does not fit");
        }
        return json.read(content, from, there - 1, as).mapLeft(why -> "cannot be read: " + why);
    }

    private static String checksum(byte[] bytes, int offset, int length) {
        var crc = new CRC32C();
        crc.update(bytes, offset, length);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
