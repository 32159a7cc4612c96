package mlxstack.pull;

import io.vavr.control.Either;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What somebody names a hub's model by: {@code org/name}, with {@code @revision}, with {@code :QUANT} as llama.cpp has
 * it, as {@code hf://org/name@revision/file}, or as the address of its page.
 *
 * @param revision branch, tag or commit; null is not said
 * @param file of the repository; null is not said
 */
public record ModelRef(
        String repo,
        @Nullable String revision,
        @Nullable String quant,
        @Nullable String file) {

    private static final Pattern REPO = Pattern.compile("[A-Za-z0-9][\\w.-]*/[A-Za-z0-9_][\\w.-]*");
    private static final Pattern PAGE = Pattern.compile(
            "https?://[^/]+/([^/]+/[^/?#]+)(?:/(?:tree|blob|resolve)/([^/?#]+)(?:/([^?#]+))?)?/?(?:[?#].*)?");
    private static final Pattern URI = Pattern.compile("hf://(?:models/)?([^/]+/[^/@:]+)(?:@([^/]+))?(?:/(.+))?");
    private static final Pattern PLAIN = Pattern.compile("([^@:]+)(?:@([^:]+))?(?::(.+))?");

    /** Whether it is meant for a hub, and not the name of something in a catalog. */
    public static boolean looksLike(String text) {
        return text.contains("/");
    }

    /** Left: what is wrong with it. */
    public static Either<PullProblem, ModelRef> parse(String text) {
        var uri = URI.matcher(text);
        var page = PAGE.matcher(text);
        var plain = PLAIN.matcher(text);
        ModelRef ref;
        if (uri.matches()) {
            ref = new ModelRef(uri.group(1), uri.group(2), null, uri.group(3));
        } else if (page.matches()) {
            ref = new ModelRef(page.group(1), page.group(2), null, page.group(3));
        } else if (plain.matches()) {
            ref = new ModelRef(plain.group(1), plain.group(2), plain.group(3), null);
        } else {
            return wrong(text);
        }
        String repo = ref.repo();
        boolean good = REPO.matcher(repo).matches() && !repo.contains("--") && !repo.contains("..");
        return good ? Either.right(ref) : wrong(text);
    }

    private static Either<PullProblem, ModelRef> wrong(String text) {
        return Either.left(new PullProblem(
                PullProblem.Kind.WANTED,
                "\"%s\" names no model; expected org/name, org/name@revision, org/name:QUANT or hf://org/name"
                        .formatted(text)));
    }
}
