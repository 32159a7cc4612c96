package mlxstack.spec;

import java.util.ArrayList;
import java.util.List;

/**
 * What a file uses and this version does not act on yet. The same values stand under {@code x-preview-values} in
 * the schema, where whole fields would carry {@code x-stage: preview}.
 */
final class Previews {

    private Previews() {}

    /** Paths in file order of the specification, with the value where only that is a preview. */
    static List<String> of(Cursor root) {
        var found = new ArrayList<String>();
        var spec = root.field("spec");
        strategy(spec.field("defaults"), found);
        spec.field("endpoints").items().forEach(at -> strategy(at, found));
        spec.field("processes").items().forEach(at -> strategy(at, found));
        return List.copyOf(found);
    }

    private static void strategy(Cursor at, List<String> found) {
        value(at.field("rollout").field("strategy"), "Surge", found);
    }

    private static void value(Cursor at, String preview, List<String> found) {
        if (preview.equals(at.text())) {
            found.add(at.path() + ": " + preview);
        }
    }
}
