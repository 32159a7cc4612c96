package mlxstack.process;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What Linux writes under {@code /proc}, read. Pure functions over bytes. */
final class ProcText {

    private ProcText() {}

    /** A line of {@code /proc/PID/stat}; the program's name in it may hold anything, even a closing parenthesis. */
    static Look.Row stat(byte[] bytes, int size) {
        int at = size - 1;
        while (at > 0 && bytes[at] != ')') {
            at--;
        }
        long pid = leadingNumber(bytes, 0, 0);
        char state = (char) bytes[at + 2];
        long[] fields = new long[53];
        int field = 4;
        for (int i = at + 4; i < size && field < fields.length; field++) {
            fields[field] = leadingNumber(bytes, i, 0);
            while (i < size && bytes[i] != ' ') {
                i++;
            }
            i++;
        }
        boolean zombie = state == 'Z' || state == 'X' || state == 'x';
        return new Look.Row(pid, fields[4], fields[5], fields[6], fields[22], zombie, (int) fields[52]);
    }

    /** The second number of {@code /proc/PID/statm}. */
    static long residentPages(byte[] bytes, int size) {
        int at = 0;
        while (at < size && bytes[at] != ' ') {
            at++;
        }
        return leadingNumber(bytes, at + 1, 0);
    }

    static long leadingNumber(byte[] bytes, int from, long otherwise) {
        long number = 0;
        int i = from;
        boolean negative = i < bytes.length && bytes[i] == '-';
        if (negative) {
            i++;
        }
        int first = i;
        while (i < bytes.length && bytes[i] >= '0' && bytes[i] <= '9') {
            number = number * 10 + (bytes[i] - '0');
            i++;
        }
        return i == first ? otherwise : negative ? -number : number;
    }

    /** The value of {@code NAME} among NUL-terminated {@code NAME=value}s. */
    static @Nullable String variable(byte[] bytes, int size, String name) {
        var key = (name + "=").getBytes(StandardCharsets.US_ASCII);
        int start = 0;
        while (start + key.length <= size) {
            int end = start;
            while (end < size && bytes[end] != 0) {
                end++;
            }
            if (java.util.Arrays.equals(bytes, start, Math.min(start + key.length, end), key, 0, key.length)) {
                return new String(bytes, start + key.length, end - start - key.length, StandardCharsets.UTF_8);
            }
            start = end + 1;
        }
        return null;
    }

    /** False for one that was overwritten, as programs do that set their own title, or is empty. */
    static boolean looksLikeEnvironment(byte[] bytes, int size) {
        for (int i = 0; i < size && bytes[i] != 0; i++) {
            if (bytes[i] == '=') {
                return i > 0;
            }
        }
        return false;
    }

    /** The socket inode of a line of {@code /proc/net/tcp} or {@code tcp6} that is a listener on {@code port}. */
    static @Nullable String listener(String line, int port) {
        var words = line.trim().split("\\s+", 11);
        if (words.length < 10 || !words[3].equals("0A")) {
            return null;
        }
        var hex = ":%04X".formatted(port);
        return words[1].toUpperCase(Locale.ROOT).endsWith(hex) ? words[9] : null;
    }

    /** Bytes, of the text of {@code /proc/meminfo}. */
    static long memTotal(String meminfo) {
        return meminfo.lines()
                .filter(l -> l.startsWith("MemTotal:"))
                .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElse(0);
    }
}
