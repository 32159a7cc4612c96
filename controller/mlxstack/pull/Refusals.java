package mlxstack.pull;

import mlxstack.pull.PullProblem.Kind;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** What a hub's refusal means, and what one can do about it. Stateless. */
final class Refusals {

    private Refusals() {}

    /** @param what a file, or words for all of them */
    static PullProblem of(
            HubSettings settings, int status, Headers headers, String repo, String what, String revision) {
        String error = headers.get("X-Error-Code") == null ? "" : headers.get("X-Error-Code");
        String page =
                settings.endpoint().newBuilder().addPathSegments(repo).build().toString();
        var token = settings.token();
        if ("GatedRepo".equals(error) || status == 403) {
            return new PullProblem(Kind.FORBIDDEN, gated(settings, repo, page, token));
        }
        if ("RevisionNotFound".equals(error)) {
            return new PullProblem(
                    Kind.NOT_FOUND,
                    "%s has no revision \"%s\"; %s/tree/main lists them".formatted(repo, revision, page));
        }
        if ("EntryNotFound".equals(error)) {
            return new PullProblem(Kind.NOT_FOUND, "%s has no file %s at %s".formatted(repo, what, revision));
        }
        if (status == 401 && token != null) {
            return new PullProblem(
                    Kind.FORBIDDEN,
                    "the hub knows no model %s that your token may see (it was taken from %s). Check the name at %s; if it is right, get a token that may read it at %s"
                            .formatted(repo, token.origin(), page, settingsPage(settings)));
        }
        if (status == 401) {
            return new PullProblem(
                    Kind.NOT_FOUND,
                    "there is no model %s, or it is private; check the name at %s. A private one needs a token: %s"
                            .formatted(repo, page, how(settings)));
        }
        if (status == 404) {
            return new PullProblem(
                    Kind.NOT_FOUND,
                    "%s has no %s at revision %s; check the name at %s".formatted(repo, what, revision, page));
        }
        return new PullProblem(
                Kind.NETWORK,
                "%s answers %d when asked for %s of %s"
                        .formatted(settings.endpoint().host(), status, what, repo));
    }

    private static String gated(HubSettings settings, String repo, String page, @Nullable HubToken token) {
        String known = token == null
                ? "Then give a token: " + how(settings)
                : "A token was sent (from %s); it must belong to the account that agreed, and may have to be allowed to read gated repositories: %s"
                        .formatted(token.origin(), settingsPage(settings));
        return """
                %s is gated: its owner wants you to agree to terms first.
                Open %s , sign in, and press "Agree and access repository"; some owners take a while to let you in.
                %s""".formatted(repo, page, known);
    }

    private static String how(HubSettings settings) {
        return "make one at %s , and set HF_TOKEN, name its variable by --token-env, or keep it in %s (readable by you alone)"
                .formatted(settingsPage(settings), settings.tokenFile());
    }

    private static String settingsPage(HubSettings settings) {
        return settings.endpoint()
                .newBuilder()
                .addPathSegments("settings/tokens")
                .build()
                .toString();
    }
}
