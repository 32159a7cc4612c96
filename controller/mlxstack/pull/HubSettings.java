package mlxstack.pull;

import io.vavr.control.Either;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Where the hub is, and where what it has given is kept: as the variables say that the Hugging Face libraries obey.
 *
 * @param endpoint no query; the token is shown to this origin only
 * @param cache the folder of {@code models--…} folders; may not exist
 * @param tokenFile where a token is looked for when no variable has one
 * @param proxies as {@code HTTPS_PROXY} and its like say
 * @param stall after which time without a byte a connection is given up
 */
public record HubSettings(
        HttpUrl endpoint,
        Path cache,
        Path tokenFile,
        @Nullable HubToken token,
        boolean offline,
        Duration stall,
        EnvProxies proxies) {

    static final String PUBLIC = "https://huggingface.co";

    private static final Set<String> YES = Set.of("1", "ON", "YES", "TRUE");

    /** Left: a variable that cannot be understood. */
    public static Either<PullProblem, HubSettings> of(Map<String, String> env, Path userHome) {
        String address = env.getOrDefault("HF_ENDPOINT", "");
        HttpUrl endpoint = HttpUrl.parse(address.isEmpty() ? PUBLIC : address);
        if (endpoint == null) {
            return Either.left(new PullProblem(
                    PullProblem.Kind.WANTED,
                    "HF_ENDPOINT is \"%s\"; expected an address such as %s".formatted(address, PUBLIC)));
        }
        Path home = home(env, userHome);
        String hub = env.getOrDefault("HF_HUB_CACHE", env.getOrDefault("HUGGINGFACE_HUB_CACHE", ""));
        Path cache = hub.isEmpty() ? home.resolve("hub") : expand(hub, env, userHome);
        String file = env.getOrDefault("HF_TOKEN_PATH", "");
        Path tokenFile = file.isEmpty() ? home.resolve("token") : expand(file, env, userHome);
        boolean offline = yes(env, "HF_HUB_OFFLINE")
                || (env.getOrDefault("HF_HUB_OFFLINE", "").isEmpty() && yes(env, "TRANSFORMERS_OFFLINE"));
        return Either.right(new HubSettings(
                endpoint.newBuilder().query(null).fragment(null).build(),
                cache,
                tokenFile,
                token(env, tokenFile),
                offline,
                stall(env),
                new EnvProxies(env)));
    }

    private static @Nullable HubToken token(Map<String, String> env, Path file) {
        if (yes(env, "HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
            return null;
        }
        var set = HubToken.ofVariable("HF_TOKEN", env);
        var old = set == null ? HubToken.ofVariable("HUGGING_FACE_HUB_TOKEN", env) : set;
        return old == null ? HubToken.ofFile(file) : old;
    }

    private static Duration stall(Map<String, String> env) {
        String seconds = env.getOrDefault("HF_HUB_DOWNLOAD_TIMEOUT", "");
        return Duration.ofSeconds(seconds.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(seconds) : 30);
    }

    private static Path home(Map<String, String> env, Path userHome) {
        String home = env.getOrDefault("HF_HOME", "");
        if (!home.isEmpty()) {
            return expand(home, env, userHome);
        }
        String cache = env.getOrDefault("XDG_CACHE_HOME", "");
        return (cache.isEmpty() ? userHome.resolve(".cache") : expand(cache, env, userHome)).resolve("huggingface");
    }

    private static boolean yes(Map<String, String> env, String name) {
        return YES.contains(env.getOrDefault(name, "").toUpperCase(Locale.ROOT));
    }

    /** {@code ~} and {@code $NAME}, as the libraries expand them. */
    private static Path expand(String path, Map<String, String> env, Path userHome) {
        String plain = java.util.regex.Pattern.compile("\\$(?:\\{(\\w+)\\}|(\\w+))")
                .matcher(path)
                .replaceAll(found -> {
                    String name = found.group(1) == null ? found.group(2) : found.group(1);
                    return java.util.regex.Matcher.quoteReplacement(env.getOrDefault(name, found.group()));
                });
        return plain.equals("~") || plain.startsWith("~/")
                ? userHome.resolve(plain.substring(Math.min(2, plain.length())))
                : userHome.resolve(plain).normalize();
    }

    public HubSettings withToken(HubToken other) {
        return new HubSettings(endpoint, cache, tokenFile, other, offline, stall, proxies);
    }
}
