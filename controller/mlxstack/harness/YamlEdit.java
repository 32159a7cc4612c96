package mlxstack.harness;

import io.vavr.control.Either;
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

    private static String text(Flaw flaw) {
        return "%d:%d: %s".formatted(flaw.line(), flaw.column(), flaw.message());
    }
}
