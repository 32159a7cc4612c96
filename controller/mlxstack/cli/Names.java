package mlxstack.cli;

import io.vavr.control.Either;
import java.util.ArrayList;
import java.util.List;
import mlxstack.api.Kind;

/** The workloads that words after a verb name. */
final class Names {

    private Names() {}

    /** {@code name}, {@code process/name} or {@code endpoint/name}. Left: the exit code; why was printed. */
    static Either<Integer, String> one(Session session, String word) {
        return all(session, List.of(word)).map(List::getFirst);
    }

    /** Also takes a kind as the first of several words. */
    static Either<Integer, List<String>> all(Session session, List<String> words) {
        var rest = words.size() > 1 && Kind.ofWord(words.getFirst()) != null && unknown(session, words.getFirst())
                ? words.subList(1, words.size())
                : words;
        var names = new ArrayList<String>();
        int code = 0;
        for (String word : rest) {
            int slash = word.indexOf('/');
            Kind kind = slash < 0 ? Kind.PROCESS : Kind.ofWord(word.substring(0, slash));
            String name = word.substring(slash + 1);
            if (kind != Kind.PROCESS && kind != Kind.ENDPOINT) {
                code = session.fail(
                        kind == null ? Target.unknownKind(word.substring(0, slash)) : word + " is no process");
            } else if (unknown(session, name)) {
                code = session.notFound(
                        kind, name, session.state().units().keySet().toJavaStream());
            } else {
                names.add(name);
            }
        }
        return code != 0 ? Either.left(code) : Either.right(names);
    }

    private static boolean unknown(Session session, String name) {
        return session.state().unit(name) == null;
    }
}
