package mlxstack.harness;

import io.vavr.control.Either;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Changes single values of a YAML text and leaves all else as it is: comments, order, notation. Pure. */
public final class YamlEdit {

    private YamlEdit() {}

    /**
     * @param wanted maps within maps down to texts, numbers and booleans; only what differs is touched
     * @return the new text; or what is wrong with the old one
     */
    public static Either<String, String> with(String text, Map<String, Object> wanted) {
        return Merge.with(new YamlText(), text, wanted).mapLeft(YamlEdit::text);
    }

    /** Without the value at {@code path}, if it is there. */
    public static Either<String, String> without(String text, List<String> path) {
        List<Step> steps = path.stream().<Step>map(Step.Key::new).toList();
        return new YamlText().remove(text, steps).mapLeft(YamlEdit::text);
    }

    /**
     * Adds {@code item} to the list of mappings at {@code path}, or changes the one that has the same {@code by}.
     *
     * @param by the field items are known by
     */
    public static Either<String, String> withItem(String text, List<String> path, String by, Map<String, Object> item) {
        Object wanted = new Keyed(List.of(by), List.of(item));
        for (int i = path.size() - 1; i > 0; i--) {
            wanted = Map.of(path.get(i), wanted);
        }
        return Merge.with(new YamlText(), text, Map.of(path.getFirst(), wanted)).mapLeft(YamlEdit::text);
    }

    /** Without the item whose {@code by} is {@code value}. */
    public static Either<String, String> withoutItem(String text, List<String> path, String by, String value) {
        var steps = new ArrayList<Step>();
        path.forEach(name -> steps.add(new Step.Key(name)));
        steps.add(new Step.Item(Map.of(by, value)));
        return new YamlText().remove(text, steps).mapLeft(YamlEdit::text);
    }

    private static String text(Flaw flaw) {
        return "%d:%d: %s".formatted(flaw.line(), flaw.column(), flaw.message());
    }
}
