package mlxstack.pull;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import okhttp3.Authenticator;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY} name, in either case.
 * Immutable; prints nothing of what it knows, for there may be a password in it.
 */
public final class EnvProxies extends ProxySelector implements Authenticator {

    private final Map<String, String> environment;

    public EnvProxies(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public List<Proxy> select(@Nullable URI uri) {
        if (uri == null) {
            return List.of(Proxy.NO_PROXY);
        }
        var proxy = proxy(String.valueOf(uri.getScheme()), String.valueOf(uri.getHost()));
        return List.of(
                proxy == null
                        ? Proxy.NO_PROXY
                        : new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
    }

    private @Nullable HttpUrl proxy(String scheme, String host) {
        if (direct(host.toLowerCase(Locale.ROOT))) {
            return null;
        }
        String named = variable(scheme.toLowerCase(Locale.ROOT) + "_proxy");
        String address = named.isEmpty() ? variable("all_proxy") : named;
        return address.isEmpty() ? null : HttpUrl.parse(address.contains("://") ? address : "http://" + address);
    }

    /** This machine always is. */
    private boolean direct(String host) {
        if (host.equals("localhost") || host.startsWith("127.") || host.equals("::1") || host.equals("[::1]")) {
            return true;
        }
        for (String each : variable("no_proxy").split(",", -1)) {
            String name = each.strip().toLowerCase(Locale.ROOT);
            String suffix = name.startsWith("*.") ? name.substring(1) : name.startsWith(".") ? name : "." + name;
            if (name.equals("*") || (!name.isEmpty() && (host.equals(name) || ("." + host).endsWith(suffix)))) {
                return true;
            }
        }
        return false;
    }

    private String variable(String name) {
        return environment
                .getOrDefault(name, environment.getOrDefault(name.toUpperCase(Locale.ROOT), ""))
                .strip();
    }

    @Override
    public void connectFailed(@Nullable URI uri, @Nullable SocketAddress address, @Nullable IOException e) {
        // there is no other to try
    }

    @Override
    public @Nullable Request authenticate(@Nullable Route route, Response response) {
        var url = response.request().url();
        var proxy = proxy(url.scheme(), url.host());
        if (proxy == null || proxy.username().isEmpty() || response.request().header("Proxy-Authorization") != null) {
            return null;
        }
        return response.request()
                .newBuilder()
                .header("Proxy-Authorization", Credentials.basic(proxy.username(), proxy.password()))
                .build();
    }

    @Override
    public String toString() {
        return "proxies";
    }
}
