package mlxstack.store;

import io.vavr.control.Either;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * A record in a file, with what it takes to know that it is whole. The first line is {@code mlxstack <type> <version>
 * <sequence> <bytes> <crc32c>}, the record's JSON is the second; what follows is left from a longer one before.
 *
 * @param type what is inside, so that a file under a wrong name is not taken for something else
 * @param version of the record's meaning; others are not read
 */
record Envelope(String type, int version) {

    private static final Pattern HEAD =
            Pattern.compile("mlxstack (\\w{1,40}) ([0-9]{1,9}) ([0-9]{1,18})(s?) ([0-9]{1,9}) ([0-9a-f]{8})");
    private static final int LONGEST_HEAD = 128;

    /**
     * The first line.
     *
     * @param sequence higher is later
     * @param synced whether it was brought to the disk when it was written
     */
    record Head(String type, int version, long sequence, boolean synced, int length, String checksum, int end) {

        String checked() {
            return "mlxstack " + type + " " + version + " " + sequence + (synced ? "s " : " ") + length;
        }
    }

    ByteBuffer wrap(byte[] json) {
        return wrap(json, 0, false);
    }

    ByteBuffer wrap(byte[] json, long sequence, boolean synced) {
        String checked = new Head(type, version, sequence, synced, json.length, "", 0).checked();
        byte[] head =
                (checked + " " + checksum(checked, json, 0, json.length) + "\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + json.length + 1)
                .put(head)
                .put(json)
                .put((byte) '\n')
                .flip();
    }

    /** Left: why there is none. */
    Either<String, Head> head(byte[] content) {
        if (content.length == 0) {
            return Either.left("is empty");
        }
        int end = 0;
        while (end < content.length && end < LONGEST_HEAD && content[end] != '\n') {
            end++;
        }
        Matcher head = HEAD.matcher(new String(content, 0, end, StandardCharsets.US_ASCII));
        if (!head.matches()) {
            return Either.left("is not one of ours: its first line is no \"mlxstack " + type + " …\"");
        }
        return Either.right(new Head(
                head.group(1),
                Integer.parseInt(head.group(2)),
                Long.parseLong(head.group(3)),
                !head.group(4).isEmpty(),
                Integer.parseInt(head.group(5)),
                head.group(6),
                end));
    }

    /** Left: why the content cannot be used. */
    <T> Either<String, T> open(byte[] content, Json json, Class<T> as) {
        return head(content).flatMap(head -> open(head, content, json, as));
    }

    <T> Either<String, T> open(Head head, byte[] content, Json json, Class<T> as) {
        if (!head.type().equals(type)) {
            return Either.left("holds a " + head.type() + ", expected a " + type);
        }
        if (head.version() != version) {
            return Either.left("has version " + head.version() + ", this program reads version " + version);
        }
        int from = head.end() + 1;
        int there = content.length - from;
        if (there < head.length()) {
            return Either.left("is cut: its first line says " + head.length() + " bytes, there are " + there);
        }
        if (!head.checksum().equals(checksum(head.checked(), content, from, head.length()))) {
            return Either.left("is damaged or was edited: its checksum does not fit");
        }
        return json.read(content, from, head.length(), as).mapLeft(why -> "cannot be read: " + why);
    }

    private static String checksum(String head, byte[] bytes, int offset, int length) {
        var crc = new CRC32C();
        crc.update(head.getBytes(StandardCharsets.US_ASCII));
        crc.update(bytes, offset, length);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
