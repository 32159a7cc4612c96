package mlxstack.process;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What macOS answers, read. Pure functions over bytes and recorded text, so that they are tested anywhere. */
final class MacText {

    /** Size of {@code struct proc_bsdinfo}. */
    static final int BSDINFO = 136;

    private static final int SZOMB = 5;

    private MacText() {}

    /** {@code struct proc_bsdinfo}; the start is in microseconds, as the kernel noted it at the fork. */
    static Look.Row bsdinfo(byte[] bytes, long session) {
        var info = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return new Look.Row(
                info.getInt(12),
                info.getInt(16),
                info.getInt(100),
                session,
                info.getLong(120) * 1_000_000 + info.getLong(128),
                info.getInt(4) == SZOMB,
                info.getInt(8));
    }

    /** What {@code KERN_PROCARGS2} gives: argc, the path, padding, the arguments, the environment. */
    record Arguments(List<String> argv, List<String> environment) {
        Arguments {
            argv = List.copyOf(argv);
            environment = List.copyOf(environment);
        }

        @Nullable
        String variable(String name) {
            return environment.stream()
                    .filter(e -> e.startsWith(name + "="))
                    .findFirst()
                    .map(e -> e.substring(name.length() + 1))
                    .orElse(null);
        }
    }

    static Arguments arguments(byte[] bytes) {
        if (bytes.length < 4) {
            return new Arguments(List.of(), List.of());
        }
        int argc = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
        int at = end(bytes, 4);
        while (at < bytes.length && bytes[at] == 0) {
            at++;
        }
        var words = new ArrayList<String>();
        while (at < bytes.length && (words.size() < argc || bytes[at] != 0)) {
            int end = end(bytes, at);
            words.add(new String(bytes, at, end - at, StandardCharsets.UTF_8));
            at = end + 1;
        }
        int split = Math.min(argc, words.size());
        return new Arguments(words.subList(0, split), words.subList(split, words.size()));
    }

    private static int end(byte[] bytes, int from) {
        int end = from;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return end;
    }

    /** The {@code p} lines of {@code lsof -Fp}. */
    static List<Long> lsofPids(String output) {
        return output.lines()
                .filter(l -> l.matches("p\\d+"))
                .map(l -> Long.parseLong(l.substring(1)))
                .distinct()
                .toList();
    }

    /** {@code struct fpunchhole}: flags and reserved, which the file system wants zero, then offset and length. */
    static long[] hole(long offset, long length) {
        return new long[] {0, offset, length};
    }

    static String text(byte[] bytes) {
        return new String(bytes, 0, end(bytes, 0), StandardCharsets.US_ASCII);
    }

    static long number(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
}
