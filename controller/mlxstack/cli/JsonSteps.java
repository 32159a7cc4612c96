package mlxstack.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One path through a JSON tree: {@code .name ['name'] [0] [-1] [1:3] [*] ..name [?(@.type=="Ready")]}.
 *
 * @param rooted starts at the whole document even inside of a range
 */
record JsonSteps(boolean rooted, List<Step> steps) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_\\-/]+(?:\\\\\\.[A-Za-z0-9_\\-/]+)*");
    private static final Pattern FILTER =
            Pattern.compile("\\?\\(\\s*(@[^=!<>]*?)\\s*(?:(==|!=|<=|>=|<|>)\\s*(.+?))?\\s*\\)");

    JsonSteps {
        steps = List.copyOf(steps);
    }

    /** What a user wrote cannot be read. Never leaves {@link JsonPath#parse}. */
    static final class Malformed extends RuntimeException {
        Malformed(String message) {
            super(message);
        }
    }

    sealed interface Step {}

    record Field(String name) implements Step {}

    record Every() implements Step {}

    record Slice(int from, @Nullable Integer to, boolean single) implements Step {}

    record Deep(String name) implements Step {}

    record Where(JsonSteps path, @Nullable String operator, String value) implements Step {}

    static JsonSteps parse(String text) {
        int at = 0;
        boolean rooted = text.startsWith("$");
        if (rooted || text.startsWith("@")) {
            at = 1;
        }
        var steps = new ArrayList<Step>();
        while (at < text.length()) {
            if (text.startsWith("..", at)) {
                String name = name(text, at + 2);
                steps.add(new Deep(plain(name)));
                at += 2 + name.length();
            } else if (text.charAt(at) == '.' && text.startsWith("*", at + 1)) {
                steps.add(new Every());
                at += 2;
            } else if (text.charAt(at) == '.' && at == text.length() - 1) {
                at++;
            } else if (text.charAt(at) == '.') {
                String name = name(text, at + 1);
                steps.add(new Field(plain(name)));
                at += 1 + name.length();
            } else if (text.charAt(at) == '[') {
                int close = closing(text, at);
                steps.add(bracket(text.substring(at + 1, close).strip()));
                at = close + 1;
            } else {
                throw new Malformed("expected . or [ at \"" + text.substring(at) + "\"");
            }
        }
        return new JsonSteps(rooted, steps);
    }

    private static String name(String text, int from) {
        Matcher name = NAME.matcher(text).region(from, text.length());
        if (!name.lookingAt()) {
            throw new Malformed("expected a name at \"" + text.substring(from) + "\"");
        }
        return name.group();
    }

    private static String plain(String name) {
        return name.replace("\\.", ".");
    }

    private static int closing(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new Malformed("unclosed [");
    }

    private static Step bracket(String inner) {
        if (inner.equals("*")) {
            return new Every();
        } else if (inner.startsWith("?")) {
            Matcher filter = FILTER.matcher(inner);
            if (!filter.matches()) {
                throw new Malformed("expected ?(@.path==\"value\"), found " + inner);
            }
            String value = filter.group(3);
            return new Where(parse(filter.group(1)), filter.group(2), value == null ? "" : unquoted(value));
        } else if (inner.startsWith("'") || inner.startsWith("\"")) {
            return new Field(unquoted(inner));
        }
        try {
            int colon = inner.indexOf(':');
            if (colon < 0) {
                return new Slice(Integer.parseInt(inner), null, true);
            }
            String from = inner.substring(0, colon);
            String to = inner.substring(colon + 1);
            return new Slice(
                    from.isEmpty() ? 0 : Integer.parseInt(from), to.isEmpty() ? null : Integer.parseInt(to), false);
        } catch (NumberFormatException e) {
            throw new Malformed("expected a number, a quoted name, * or ?(…), found [" + inner + "]");
        }
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() >= 2 && (text.startsWith("'") || text.startsWith("\""));
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    /** The values the path leads to; none where it leads nowhere. */
    List<JsonNode> from(JsonNode root, JsonNode here) {
        List<JsonNode> values = List.of(rooted ? root : here);
        for (Step step : steps) {
            var next = new ArrayList<JsonNode>();
            values.forEach(v -> follow(step, v, next));
            values = next;
        }
        return values;
    }

    private static void follow(Step step, JsonNode from, List<JsonNode> to) {
        switch (step) {
            case Field(String name) -> {
                JsonNode value = from.get(name);
                if (value != null) {
                    to.add(value);
                }
            }
            case Every _ -> from.values().forEach(to::add);
            case Deep(String name) -> deep(name, from, to);
            case Slice slice -> slice(slice, from, to);
            case Where where ->
                from.values().stream().filter(v -> holds(where, v)).forEach(to::add);
        }
    }

    private static void deep(String name, JsonNode from, List<JsonNode> to) {
        JsonNode value = from.get(name);
        if (value != null) {
            to.add(value);
        }
        from.values().forEach(v -> deep(name, v, to));
    }

    private static void slice(Slice slice, JsonNode from, List<JsonNode> to) {
        int size = from.isArray() ? from.size() : 0;
        int first = slice.from() < 0 ? size + slice.from() : slice.from();
        Integer end = slice.to();
        int last = slice.single() ? first + 1 : end == null ? size : end < 0 ? size + end : end;
        for (int i = Math.max(0, first); i < Math.min(size, last); i++) {
            to.add(from.get(i));
        }
    }

    private static boolean holds(Where where, JsonNode value) {
        var found = where.path().from(value, value);
        String operator = where.operator();
        if (operator == null || found.isEmpty()) {
            return operator == null && !found.isEmpty();
        }
        int order = compare(found.getFirst(), where.value());
        return switch (operator) {
            case "==" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    private static int compare(JsonNode found, String wanted) {
        if (found.isNumber()) {
            try {
                return Double.compare(found.asDouble(), Double.parseDouble(wanted));
            } catch (NumberFormatException e) {
                return found.asString().compareTo(wanted);
            }
        }
        return found.asString().compareTo(wanted);
    }
}
