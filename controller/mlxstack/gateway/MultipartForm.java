package mlxstack.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds a short text field in a multipart form, as audio is sent in. Stateless. */
final class MultipartForm {

    private static final Pattern BOUNDARY =
            Pattern.compile(";\\s*boundary=(\"([^\"]{1,70})\"|([^;\\s\"]{1,70}))", Pattern.CASE_INSENSITIVE);
    private static final byte[] END_OF_HEADERS = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int LARGEST_HEADERS = 8 * 1024;
    private static final int LARGEST_VALUE = 1024;

    private MultipartForm() {}

    static boolean is(String contentType) {
        return contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data");
    }

    static @Nullable ModelField field(String contentType, byte[] body, int length, String name)
            throws ModelField.BadBody {
        var boundary = BOUNDARY.matcher(contentType);
        if (!boundary.find()) {
            throw new ModelField.BadBody(null, "found no boundary in Content-Type multipart/form-data");
        }
        var text = boundary.group(2) == null ? boundary.group(3) : boundary.group(2);
        byte[] delimiter = ("--" + text).getBytes(StandardCharsets.ISO_8859_1);
        var wanted = Pattern.compile("[;\\s]name=(\"" + name + "\"|" + name + "(?![^;\\s]))", Pattern.CASE_INSENSITIVE);
        int part = indexOf(body, length, delimiter, 0);
        while (part >= 0) {
            int headers = part + delimiter.length;
            int value = indexOf(body, Math.min(length, headers + LARGEST_HEADERS), END_OF_HEADERS, headers);
            if (value < 0) {
                return null;
            }
            value += END_OF_HEADERS.length;
            int next = indexOf(body, length, delimiter, value);
            var head = new String(body, headers, value - headers, StandardCharsets.UTF_8);
            if (next >= 0 && wanted.matcher(head).find()) {
                int end = Math.max(value, next - 2);
                if (end - value > LARGEST_VALUE) {
                    throw new ModelField.BadBody(name, "found a \"" + name + "\" of " + (end - value) + " bytes");
                }
                return new ModelField(
                        new String(body, value, end - value, StandardCharsets.UTF_8), value, end, false, false, 0);
            }
            part = next;
        }
        return null;
    }

    private static int indexOf(byte[] in, int length, byte[] what, int from) {
        int last = length - what.length;
        for (int i = from; i <= last; i++) {
            int j = 0;
            while (j < what.length && in[i + j] == what[j]) {
                j++;
            }
            if (j == what.length) {
                return i;
            }
        }
        return -1;
    }
}
