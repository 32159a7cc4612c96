package mlxstack.api;

import io.vavr.control.Either;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code k=v, k==v, k!=v, k, !k, k in (a,b), k notin (a,b)}, joined by commas: all must hold. {@code !=} and {@code
 * notin} also hold for objects without the key.
 */
public record LabelSelector(List<Term> terms) {

    public static final LabelSelector ALL = new LabelSelector(List.of());

    private static final String KEY = "([A-Za-z0-9][-A-Za-z0-9_./]*)";
    private static final String VALUE = "([-A-Za-z0-9_.]*)";
    private static final Pattern SET = Pattern.compile(KEY + "\\s+(in|notin)\\s*\\(([^()]*)\\)");
    private static final Pattern EQUAL = Pattern.compile(KEY + "\\s*(==|=|!=)\\s*" + VALUE);
    private static final Pattern EXISTS = Pattern.compile("(!?)\\s*" + KEY);

    public LabelSelector {
        terms = List.copyOf(terms);
    }

    /** @param values the key's value must be ({@code in}) or must not be one of these; null asks for the key alone */
    public record Term(String key, boolean in, @Nullable List<String> values) {

        boolean matches(Map<String, String> labels) {
            String value = labels.get(key);
            if (values == null) {
                return (value != null) == in;
            }
            return (value != null && values.contains(value)) == in;
        }
    }

    /** Left: what is wrong with {@code text}. */
    public static Either<String, LabelSelector> parse(String text) {
        var terms = new ArrayList<Term>();
        for (String part : parts(text)) {
            Term term = term(part.strip());
            if (term == null) {
                return Either.left("unable to parse label selector \"" + text + "\": found \"" + part.strip()
                        + "\", expected key=value, key!=value, key, !key, key in (a,b) or key notin (a,b)");
            }
            terms.add(term);
        }
        return Either.right(new LabelSelector(terms));
    }

    public boolean matches(Map<String, String> labels) {
        return terms.stream().allMatch(term -> term.matches(labels));
    }

    private static @Nullable Term term(String part) {
        Matcher set = SET.matcher(part);
        if (set.matches()) {
            var values = List.of(set.group(3).split("\\s*,\\s*"));
            return new Term(
                    set.group(1),
                    set.group(2).equals("in"),
                    values.stream().map(String::strip).toList());
        }
        Matcher equal = EQUAL.matcher(part);
        if (equal.matches()) {
            return new Term(equal.group(1), !equal.group(2).equals("!="), List.of(equal.group(3)));
        }
        Matcher exists = EXISTS.matcher(part);
        return exists.matches() ? new Term(exists.group(2), exists.group(1).isEmpty(), null) : null;
    }

    /** Splits at commas outside of parentheses. */
    private static List<String> parts(String text) {
        var parts = new ArrayList<String>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == ',' && depth == 0) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return text.isBlank() ? List.of() : parts;
    }
}
