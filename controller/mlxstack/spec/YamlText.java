package mlxstack.spec;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bytes to text: UTF-8 and nothing else, of a size a person may have written. */
final class YamlText {

    static final int LARGEST = 1 << 20;

    private static final byte[] GIT_CRYPT = "\0GITCRYPT\0".getBytes(StandardCharsets.US_ASCII);

    private YamlText() {}

    /** @return without a byte order mark; null if it is no text, the reason is in {@code problems} */
    static @Nullable String decode(byte[] bytes, Problems problems) {
        if (bytes.length > LARGEST) {
            problems.add(1, 1, "", "the file has %,d bytes; expected at most %,d".formatted(bytes.length, LARGEST));
            return null;
        }
        if (Arrays.mismatch(bytes, GIT_CRYPT) == GIT_CRYPT.length) {
            problems.add(1, 1, "", "the file is encrypted by git-crypt; unlock its repository: git-crypt unlock");
            return null;
        }
        var in = ByteBuffer.wrap(bytes);
        var out = CharBuffer.allocate(bytes.length);
        var result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(in, out, true);
        var text = out.flip().toString();
        if (result.isError()) {
            add(
                    problems,
                    text,
                    "found byte 0x%02X, which is not UTF-8; save the file as UTF-8".formatted(bytes[in.position()]));
            return null;
        }
        if (text.startsWith("\ufeff")) {
            text = text.substring(1);
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (refused(c)) {
                add(problems, text.substring(0, i), "found the control character U+%04X; remove it".formatted((int) c));
                return null;
            }
        }
        return text;
    }

    /** What YAML does not take as it is; an escape in double quotes may still write some of it. */
    private static boolean refused(char c) {
        boolean low = c < ' ' && c != '\n' && c != '\r' && c != '\t';
        boolean high = c >= 0x7f && c < 0xa0 && c != 0x85;
        return low || high || c == '\ufeff';
    }

    private static void add(Problems problems, String before, String message) {
        int newline = before.lastIndexOf('\n');
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        problems.add(line, before.codePointCount(newline + 1, before.length()) + 1, "", message);
    }
}
