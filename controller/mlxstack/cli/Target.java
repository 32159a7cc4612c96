package mlxstack.cli;

import io.vavr.control.Either;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import mlxstack.api.Kind;
import org.jspecify.annotations.Nullable;

/** What a word after a verb means.
 * @param name null is every object of the kind */
record Target(Kind kind, @Nullable String name) {

    /** The kinds of {@code all}. */
    static final List<Kind> ALL = List.of(Kind.STACK, Kind.PROCESS);

    /**
     * {@code all}, {@code kind[,kind…]}, {@code kind name…}, {@code kind/name…}, or bare names, which are processes.
     * Left: what is wrong with them.
     */
    static Either<String, List<Target>> parse(List<String> words) {
        if (words.isEmpty()) {
            return Either.right(List.of(new Target(Kind.PROCESS, null)));
        }
        String first = words.getFirst();
        if (first.equals("all") && words.size() == 1) {
            return Either.right(ALL.stream().map(k -> new Target(k, null)).toList());
        }
        List<@Nullable Kind> kinds = Arrays.stream(first.split(","))
                .<@Nullable Kind>map(Kind::ofWord)
                .toList();
        if (kinds.stream().allMatch(k -> k != null)) {
            return ofKinds(kinds, words.subList(1, words.size()));
        }
        var targets = new ArrayList<Target>();
        for (String word : words) {
            int slash = word.indexOf('/');
            if (slash < 0) {
                targets.add(new Target(Kind.PROCESS, word));
                continue;
            }
            Kind kind = Kind.ofWord(word.substring(0, slash));
            if (kind == null) {
                return Either.left(unknownKind(word.substring(0, slash)));
            }
            targets.add(new Target(kind, word.substring(slash + 1)));
        }
        return Either.right(targets);
    }

    private static Either<String, List<Target>> ofKinds(List<@Nullable Kind> kinds, List<String> names) {
        var targets = new ArrayList<Target>();
        for (Kind kind : kinds) {
            if (kind == null) {
                continue;
            }
            if (names.isEmpty()) {
                targets.add(new Target(kind, null));
            }
            for (String name : names) {
                if (name.contains("/")) {
                    return Either.left("there is no need to specify a resource type as a separate argument when passing"
                            + " arguments in resource/name form (e.g. 'mlxstackctl get " + kind.singular()
                            + "/<name>' instead of 'mlxstackctl get " + kind.singular() + " " + kind.singular()
                            + "/<name>')");
                }
                targets.add(new Target(kind, name));
            }
        }
        return Either.right(targets);
    }

    static String unknownKind(String word) {
        Stream<String> known = Arrays.stream(Kind.values()).flatMap(k -> Stream.of(k.plural(), k.singular()));
        return "there is no resource type \"" + word + "\"" + Nearest.hint(word, known)
                + "; 'mlxstackctl api-resources' lists them";
    }
}
