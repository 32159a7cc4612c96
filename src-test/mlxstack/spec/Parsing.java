package mlxstack.spec;

import io.vavr.collection.Seq;
import io.vavr.control.Validation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Parses texts as if they stood in {@code /etc/stack.yaml} of a user whose home is {@code /home/ada}. */
final class Parsing {

    static final StackFile STACK_FILE = new StackFile();
    static final Env ENV = new Env(Path.of("/home/ada"), MemoryEstimator.none(), path -> "digest of " + path);

    private Parsing() {}

    static Validation<Seq<Problem>, Stack> parse(String text) {
        return parse(text, ENV);
    }

    static Validation<Seq<Problem>, Stack> parse(String text, Env env) {
        return STACK_FILE.parse(text.getBytes(StandardCharsets.UTF_8), Path.of("/etc/stack.yaml"), env);
    }

    static Stack valid(String text) {
        var parsed = parse(text);
        if (parsed.isInvalid()) {
            throw new AssertionError(parsed.getError().mkString("\n"));
        }
        return parsed.get();
    }

    /** Rendered, without the file's name. */
    static List<String> problems(String text) {
        return parse(text)
                .fold(
                        problems -> problems.map(problem -> problem.toString().substring("/etc/stack.yaml:".length()))
                                .asJava(),
                        stack -> List.of());
    }

    /** A stack around what stands under {@code spec}, which begins in line 5. */
    static String spec(String spec) {
        return """
                apiVersion: mlxstack.dev/v1
                kind: Stack
                metadata: {name: home}
                spec:
                """ + spec.indent(2);
    }
}
