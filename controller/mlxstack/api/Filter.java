package mlxstack.api;

/** Which objects of a kind are meant. */
public record Filter(Kind kind, LabelSelector labels, FieldSelector fields) {

    public static Filter all(Kind kind) {
        return new Filter(kind, LabelSelector.ALL, FieldSelector.ALL);
    }

    public static Filter named(Kind kind, String name) {
        return new Filter(
                kind,
                LabelSelector.ALL,
                new FieldSelector(java.util.List.of(new FieldSelector.Term("metadata.name", true, name))));
    }

    public boolean matches(Item item) {
        return item.kind() == kind && labels.matches(Meta.labels(item)) && fields.matches(item);
    }
}
