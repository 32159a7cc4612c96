package mlxstack.spec;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What was probably meant by a value that was refused, ready to be written: {@code : write 30s}. Worked out from the
 * value and from what the schema says of the field ({@code type}, {@code pattern}, {@code x-kind}, {@code x-meant}).
 * Pure.
 */
final class Hints {

    private static final Pattern DIGITS = Pattern.compile("-?[0-9][0-9_,']{0,17}");
    private static final Pattern HEX = Pattern.compile("0x[0-9a-fA-F]{1,12}");
    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,15}(?:[.][0-9]{1,9})?)\\s?([A-Za-z]{0,12})");
    private static final Pattern FRACTION = Pattern.compile("0?[.][0-9]{1,4}");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]{0,100})}");
    private static final int LONGEST = 120;

    private static final Map<String, String> TIMES = Map.ofEntries(
            Map.entry("", "s"),
            Map.entry("sec", "s"),
            Map.entry("secs", "s"),
            Map.entry("second", "s"),
            Map.entry("seconds", "s"),
            Map.entry("min", "m"),
            Map.entry("mins", "m"),
            Map.entry("minute", "m"),
            Map.entry("minutes", "m"),
            Map.entry("hr", "h"),
            Map.entry("hrs", "h"),
            Map.entry("hour", "h"),
            Map.entry("hours", "h"),
            Map.entry("msec", "ms"),
            Map.entry("millis", "ms"),
            Map.entry("milliseconds", "ms"));

    private Hints() {}

    /**
     * @param item whether it is an item of a list
     * @return with its own punctuation; empty if nothing is likely
     */
    static String of(@Nullable Node found, JsonNode rule, boolean secret, boolean item) {
        if (!(found instanceof Node.Scalar scalar)) {
            return found instanceof Node.Mapping && is(rule, "array") && !is(rule, "string")
                    ? "; begin each item with '- '"
                    : "";
        }
        if (scalar.type() == Node.Type.NOTHING) {
            return scalar.written().equals("~") && is(rule, "string")
                    ? "; a bare ~ is nothing to YAML: write \"~\" for your home"
                    : item ? "; write it behind the '-', or take the '-' out" : nothing(rule);
        }
        if (secret) {
            var reference = REFERENCE.matcher(scalar.text());
            return reference.matches() ? ": write {env: " + reference.group(1) + "}" : "";
        }
        var write = write(scalar, rule);
        return write == null || write.length() > LONGEST ? "" : ": write " + write;
    }

    private static String nothing(JsonNode rule) {
        if (is(rule, "object") && !is(rule, "string")) {
            return "; indent what belongs to it further than its name";
        }
        if (is(rule, "array") && !is(rule, "string")) {
            return "; write [] if it is to be empty";
        }
        boolean any = is(rule, "string") && !rule.has("pattern") && !rule.has("enum") && !rule.has("minLength");
        return any ? "; write \"\" if it is to be empty" : "";
    }

    private static @Nullable String write(Node.Scalar scalar, JsonNode rule) {
        var text = scalar.text();
        var kind = rule.path("x-kind").asString("");
        return switch (kind) {
            case "duration" -> duration(scalar.written());
            case "quantity", "share" -> quantity(scalar.written(), kind.equals("share"));
            case "name" -> name(scalar, rule);
            case "address" -> DIGITS.matcher(text).matches() ? "127.0.0.1:" + text : null;
            case "command" -> Words.list(text, true);
            default -> {
                if (is(rule, "array")) {
                    yield !simple(rule.path("items"))
                            ? null
                            : scalar.type() == Node.Type.TEXT ? Words.list(text, false) : "[" + text + "]";
                }
                if (rule.has("enum")) {
                    yield null;
                }
                if (is(rule, "boolean")) {
                    yield flag(text);
                }
                if (is(rule, "integer")) {
                    yield scalar.type() == Node.Type.TEXT ? integer(text) : null;
                }
                yield quoted(scalar, rule);
            }
        };
    }

    /** A number or a text, which can be put in brackets as it is. */
    private static boolean simple(JsonNode items) {
        return is(items, "string")
                || is(items, "integer")
                || items.path("$ref").asString("").matches(".*/(name|port)");
    }

    /** Text that looks like something else, where any text will do. */
    private static @Nullable String quoted(Node.Scalar scalar, JsonNode rule) {
        if (!is(rule, "string") || scalar.type() == Node.Type.TEXT) {
            return null;
        }
        var pattern = rule.path("pattern").asString("");
        return pattern.isEmpty()
                        || Pattern.compile(pattern).matcher(scalar.written()).find()
                ? "\"" + scalar.written() + "\""
                : null;
    }

    private static @Nullable String name(Node.Scalar scalar, JsonNode rule) {
        var valid = Pattern.compile(rule.path("pattern").asString(""));
        if (scalar.type() != Node.Type.TEXT) {
            return quoted(scalar, rule);
        }
        var near = scalar.text()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        return valid.matcher(near).find() && near.length() * 2 > scalar.text().length() ? near : null;
    }

    private static @Nullable String flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> "true, without quotes and in lower case";
            case "yes", "on", "y", "1" -> "true";
            case "false" -> "false, without quotes and in lower case";
            case "no", "off", "n", "0" -> "false";
            default -> null;
        };
    }

    private static @Nullable String integer(String text) {
        if (HEX.matcher(text).matches()) {
            return Long.toString(Long.parseLong(text.substring(2), 16));
        }
        if (!DIGITS.matcher(text).matches()) {
            return null;
        }
        var digits = text.replaceAll("[_,']", "").replaceFirst("^(-?)0+(?=[0-9])", "$1");
        return digits.equals(text) ? digits + ", without quotes" : digits;
    }

    private static @Nullable String duration(String text) {
        var parts = AMOUNT.matcher(text.strip());
        if (!parts.matches()) {
            return null;
        }
        var word = parts.group(2).toLowerCase(Locale.ROOT);
        if (word.equals("d") || word.equals("day") || word.equals("days")) {
            var days = parts.group(1);
            return days.length() > 3 || days.contains(".") ? null : Integer.parseInt(days) * 24 + "h";
        }
        var near = parts.group(1) + TIMES.getOrDefault(word, word);
        return Durations.parse(near) == null ? null : word.isEmpty() ? near + " if seconds are meant" : near;
    }

    private static @Nullable String quantity(String text, boolean share) {
        if (share && FRACTION.matcher(text).matches()) {
            return Math.round(Double.parseDouble(text) * 100) + "%";
        }
        var parts = AMOUNT.matcher(text.strip());
        if (!parts.matches()) {
            return null;
        }
        var unit = parts.group(2).toLowerCase(Locale.ROOT);
        if (unit.isEmpty()) {
            return parts.group(1) + "Gi if GiB are meant";
        }
        boolean known = unit.matches("[kmgtp](i?b?|bytes?)");
        return known ? parts.group(1) + unit.substring(0, 1).toUpperCase(Locale.ROOT) + "i" : null;
    }

    private static boolean is(JsonNode rule, String type) {
        var types = rule.path("type");
        if (!types.isArray()) {
            return types.asString("").equals(type);
        }
        for (var one : types) {
            if (one.asString("").equals(type)) {
                return true;
            }
        }
        return false;
    }
}
