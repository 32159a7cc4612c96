package mlxstack.api;

import io.vavr.control.Either;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code field=value} and {@code field!=value}, joined by commas. An empty value means that the field is absent. */
public record FieldSelector(List<Term> terms) {

    public static final FieldSelector ALL = new FieldSelector(List.of());

    public FieldSelector {
        terms = List.copyOf(terms);
    }

    public record Term(String field, boolean equal, String value) {}

    /** Left: what is wrong with {@code text}. */
    public static Either<String, FieldSelector> parse(String text, Kind kind) {
        var terms = new ArrayList<Term>();
        for (String part : text.split(",")) {
            if (part.isBlank()) {
                continue;
            }
            int at = part.indexOf('=');
            if (at < 1) {
                return Either.left("invalid field selector \"" + part + "\": expected field=value or field!=value");
            }
            boolean not = part.charAt(at - 1) == '!';
            String field = part.substring(0, not ? at - 1 : at).strip();
            int from = part.startsWith("==", at) ? at + 2 : at + 1;
            if (!known(kind, field)) {
                return Either.left("field label not supported: " + field);
            }
            terms.add(new Term(field, !not, part.substring(from).strip()));
        }
        return Either.right(new FieldSelector(terms));
    }

    private static boolean known(Kind kind, String field) {
        return switch (field) {
            case "metadata.name", "metadata.namespace" -> true;
            case "involvedObject.kind",
                    "involvedObject.name",
                    "involvedObject.namespace",
                    "involvedObject.uid",
                    "involvedObject.apiVersion",
                    "reason",
                    "type" -> kind == Kind.EVENT;
            default -> false;
        };
    }

    public boolean matches(Item item) {
        return terms.stream().allMatch(t -> t.value().equals(field(item, t.field())) == t.equal());
    }

    private static String field(Item item, String field) {
        String value = switch (item) {
            case Item.Happening happening -> ofEvent(happening, field);
            case Item.Supervised _, Item.Endpoint _, Item.Stack _, Item.Remote _, Item.Machine _ -> null;
        };
        if (value != null) {
            return value;
        }
        return field.equals("metadata.name") ? item.name() : "";
    }

    private static @Nullable String ofEvent(Item.Happening item, String field) {
        return switch (field) {
            case "metadata.namespace" -> Meta.NAMESPACE;
            case "involvedObject.kind" -> item.subjectKind().title();
            case "involvedObject.name" -> item.subject();
            case "involvedObject.apiVersion" -> item.subjectKind().apiVersion();
            case "involvedObject.uid" -> {
                Item subject = Items.one(item.subjectKind(), item.subject(), item.state());
                yield subject == null ? "" : Meta.uid(subject);
            }
            case "reason" -> item.event().reason();
            case "type" -> ObjectJson.type(item.event().type());
            default -> null;
        };
    }
}
