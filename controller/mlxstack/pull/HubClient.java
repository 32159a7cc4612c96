package mlxstack.pull;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import mlxstack.pull.PullProblem.Kind;
import mlxstack.pull.PullProblem.Raised;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a hub. Follows redirects itself: the token is shown to the hub's own scheme, host and port and to nobody else.
 * Thread-safe.
 */
final class HubClient implements AutoCloseable {

    private static final int MOST_REDIRECTS = 10;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final HubSettings settings;
    private final OkHttpClient http;

    HubClient(HubSettings settings) {
        this.settings = settings;
        this.http = new OkHttpClient.Builder()
                .followRedirects(false)
                .followSslRedirects(false)
                // Each file has a connection of its own: one that stalls holds up no other.
                .protocols(List.of(Protocol.HTTP_1_1))
                .connectionPool(new ConnectionPool(8, 30, TimeUnit.SECONDS))
                .proxySelector(settings.proxies())
                .proxyAuthenticator(settings.proxies())
                .connectTimeout(Duration.ofSeconds(10))
                .readTimeout(settings.stall())
                .writeTimeout(settings.stall())
                .build();
    }

    /**
     * An answer with what was learned on the way to it.
     *
     * @param linked the first entity tag the hub itself named for the file; null when it named none
     * @param linkedSize -1 when not named
     */
    record Reply(Response response, @Nullable String linked, long linkedSize) implements AutoCloseable {

        @Override
        public void close() {
            response.close();
        }
    }

    /** What a revision means now, and all of its files. */
    Listing listing(String repo, String revision, Patience patience) throws Raised, InterruptedException {
        var url = at("api", "models")
                .addPathSegments(repo)
                .addPathSegment("revision")
                .addPathSegment(revision)
                .addQueryParameter("blobs", "true")
                .build();
        while (true) {
            try (var reply = send(new Request.Builder().url(url))) {
                int code = reply.response().code();
                if (code == 200) {
                    return listing(repo, reply.response().body().string());
                }
                failed(reply.response(), repo, "the model's list of files", revision, patience);
            } catch (InterruptedIOException e) {
                patience.failed(repo, silent(e), null);
            } catch (UnknownHostException | ConnectException e) {
                throw new Raised(Kind.NETWORK, unreachable(e));
            } catch (IOException e) {
                patience.failed(repo, String.valueOf(e.getMessage()), null);
            }
        }
    }

    private Listing listing(String repo, String body) throws Raised {
        JsonNode answer;
        try {
            answer = JsonMapper.shared().readTree(body);
        } catch (JacksonException e) {
            answer = JsonMapper.shared().nullNode();
        }
        var listing = Listing.ofHub(repo, answer);
        if (listing == null) {
            throw new Raised(
                    Kind.NETWORK,
                    "%s does not answer as a Hugging Face hub; is HF_ENDPOINT right, or is there a login page between?"
                            .formatted(settings.endpoint()));
        }
        return listing;
    }

    /** A file's tag and size, where the list of files did not have them. */
    RemoteFile described(String repo, String commit, RemoteFile file, Patience patience)
            throws Raised, InterruptedException {
        while (true) {
            try (var reply = send(new Request.Builder()
                    .url(fileAt(repo, commit, file.path()))
                    .head()
                    .header("Accept-Encoding", "identity"))) {
                var response = reply.response();
                if (response.isSuccessful()) {
                    String tag = reply.linked() == null ? tag(response.header("ETag")) : reply.linked();
                    long length = reply.linkedSize() >= 0
                            ? reply.linkedSize()
                            : Long.parseLong(response.header("Content-Length", "-1"));
                    if (tag == null || length < 0) {
                        throw new Raised(
                                Kind.NETWORK,
                                "%s names neither tag nor size of %s"
                                        .formatted(settings.endpoint().host(), file.path()));
                    }
                    return new RemoteFile(file.path(), length, Checksum.named(tag));
                }
                failed(response, repo, file.path(), commit, patience);
            } catch (IOException e) {
                patience.failed(file.path(), silent(e), null);
            }
        }
    }

    /**
     * The content of a file from a byte on. The answer may be 206, 200 (the hub does not do parts) or 416; what else it
     * is has been dealt with.
     *
     * @throws IOException when it is worth another try at once or later
     * @return null when the hub asked for patience and got it
     */
    @Nullable
    Reply content(String repo, String commit, RemoteFile file, long from, Patience patience)
            throws IOException, Raised, InterruptedException {
        var request =
                new Request.Builder().url(fileAt(repo, commit, file.path())).header("Accept-Encoding", "identity");
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        var reply = send(request);
        int code = reply.response().code();
        if (code == 200 || code == 206 || code == 416) {
            return reply;
        }
        try (reply) {
            failed(reply.response(), repo, file.path(), commit, patience);
            return null;
        }
    }

    /** Waits when it may be better later. */
    private void failed(Response response, String repo, String what, String revision, Patience patience)
            throws Raised, InterruptedException {
        int code = response.code();
        if (code == 408 || code == 429 || code >= 500) {
            patience.failed(
                    what,
                    code == 429 ? "the hub says there were too many requests" : "the hub answers " + code,
                    RetryAfter.of(response.headers()));
            return;
        }
        throw new Raised(Refusals.of(settings, code, response.headers(), repo, what, revision));
    }

    /** Sends it, and again to wherever it is sent on. */
    private Reply send(Request.Builder request) throws IOException, Raised {
        HttpUrl url = request.build().url();
        String linked = null;
        long size = -1;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            request.url(url).removeHeader("Authorization").header("User-Agent", "mlxstack");
            var token = settings.token();
            if (token != null && sameOrigin(url, settings.endpoint())) {
                request.header("Authorization", "Bearer " + token.secret());
            }
            var response = http.newCall(request.build()).execute();
            if (sameOrigin(url, settings.endpoint())) {
                linked = linked == null ? tag(response.header("X-Linked-Etag")) : linked;
                String named = response.header("X-Linked-Size", "");
                size = size < 0 && named != null && named.matches("\\d{1,18}") ? Long.parseLong(named) : size;
            }
            if (!REDIRECTS.contains(response.code())) {
                return new Reply(response, linked, size);
            }
            try (response) {
                url = next(url, response.header("Location"));
            }
        }
        throw new Raised(
                Kind.NETWORK,
                "%s was sent on more than %d times; the hub or something before it goes in circles"
                        .formatted(request.build().url().host(), MOST_REDIRECTS));
    }

    private static HttpUrl next(HttpUrl from, @Nullable String location) throws Raised {
        HttpUrl to = location == null ? null : from.resolve(location);
        if (to == null) {
            throw new Raised(Kind.NETWORK, from.host() + " sends on to no address: " + location);
        }
        if (from.isHttps() && !to.isHttps()) {
            throw new Raised(Kind.NETWORK, from.host() + " sends on to an unprotected address at " + to.host());
        }
        return to;
    }

    private static boolean sameOrigin(HttpUrl one, HttpUrl other) {
        return one.scheme().equals(other.scheme()) && one.host().equals(other.host()) && one.port() == other.port();
    }

    /** An entity tag as the cache names its blob. */
    static @Nullable String tag(@Nullable String header) {
        if (header == null) {
            return null;
        }
        String strong = header.startsWith("W/") ? header.substring(2) : header;
        return strong.replace("\"", "").strip();
    }

    private String unreachable(IOException e) {
        return "%s cannot be reached (%s); is this machine online, is HF_ENDPOINT right?"
                .formatted(settings.endpoint(), e.getMessage());
    }

    /** What to say of a connection that failed. */
    String silent(IOException e) {
        return e instanceof InterruptedIOException
                ? "nothing came for %d s".formatted(settings.stall().toSeconds())
                : String.format(Locale.ROOT, "the connection broke (%s)", e.getMessage());
    }

    private HttpUrl fileAt(String repo, String commit, String path) {
        return at().addPathSegments(repo)
                .addPathSegment("resolve")
                .addPathSegment(commit)
                .addPathSegments(path)
                .build();
    }

    private HttpUrl.Builder at(String... segments) {
        var url = settings.endpoint().newBuilder();
        for (String segment : segments) {
            url.addPathSegment(segment);
        }
        return url;
    }

    @Override
    public void close() {
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }
}
