package mlxstack.gateway;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in a trace, as the header {@code traceparent} of W3C's Trace Context names it. Immutable.
 *
 * @param trace 32 hexadecimal digits
 * @param span 16
 * @param sampled whether whoever began the trace records it
 */
record TraceParent(String trace, String span, boolean sampled) {

    /** Later versions than 00 may say more, behind what this one says. */
    private static final Pattern FORM = Pattern.compile(
            "(?:00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})|(?!00|ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?)");

    private static final int PARTS = 3;

    /** Null when there is none, or none that can be understood. */
    static @Nullable TraceParent read(@Nullable String header) {
        if (header == null) {
            return null;
        }
        var match = FORM.matcher(header);
        if (!match.matches()) {
            return null;
        }
        int at = match.group(1) == null ? PARTS : 0;
        String trace = match.group(at + 1);
        String span = match.group(at + 2);
        boolean sampled = (Integer.parseInt(match.group(at + PARTS), 16) & 1) == 1;
        return isZero(trace) || isZero(span) ? null : new TraceParent(trace, span, sampled);
    }

    private static boolean isZero(String id) {
        return id.chars().allMatch(digit -> digit == '0');
    }
}
