package mlxstack.spec;

import java.util.ArrayList;
import java.util.List;

/**
 * What a file uses and this version does not act on yet. The same fields carry {@code x-stage: preview} or {@code
 * x-preview-values} in the schema.
 */
final class Previews {

    private Previews() {}

    /** Paths in file order of the specification, with the value where only that is a preview. */
    static List<String> of(Cursor root) {
        var found = new ArrayList<String>();
        var spec = root.field("spec");
        strategy(spec.field("defaults"), found);
        for (var at : spec.field("endpoints").items()) {
            strategy(at, found);
            used(at.field("queue"), found);
        }
        spec.field("processes").items().forEach(at -> strategy(at, found));
        used(spec.field("providers"), found);
        var gateway = spec.field("gateway");
        used(gateway.field("keys"), found);
        used(gateway.field("routes"), found);
        used(gateway.field("complexity"), found);
        return List.copyOf(found);
    }

    private static void strategy(Cursor at, List<String> found) {
        value(at.field("rollout").field("strategy"), "Surge", found);
    }

    private static void used(Cursor at, List<String> found) {
        if (at.present()) {
            found.add(at.path());
        }
    }

    private static void value(Cursor at, String preview, List<String> found) {
        if (preview.equals(at.text())) {
            found.add(at.path() + ": " + preview);
        }
    }
}
