package mlxstack.upstream;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.TrustOptions;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import mlxstack.route.Backend;
import org.jspecify.annotations.Nullable;

/** Connections to model servers, here and elsewhere. Event loop only. */
public final class Upstreams {

    /** Longer than any limit that is set; those are looked after by each attempt. */
    private static final int CONNECT_MS = 60_000;
    /** Servers close idle connections after five seconds or more; earlier than they, none is lost to that. */
    private static final int KEEP_SECONDS = 4;

    private static final int SOCKET_BUFFER = 64 * 1024;
    private static final int CONNECTIONS = 4_096;

    private final Vertx vertx;
    private final @Nullable TrustOptions trusted;
    private final HttpClientAgent plain;
    /** TLS is megabytes of classes that a stack without providers never needs. */
    private @Nullable HttpClientAgent secure;

    private final Set<HttpConnection> used = Collections.newSetFromMap(new IdentityHashMap<>());

    public Upstreams(Vertx vertx) {
        this(vertx, null);
    }

    /** @param trusted authorities; null: the JDK's */
    Upstreams(Vertx vertx, @Nullable TrustOptions trusted) {
        this.vertx = vertx;
        this.trusted = trusted;
        this.plain = client(options());
    }

    private static HttpClientOptions options() {
        return new HttpClientOptions()
                .setConnectTimeout(CONNECT_MS)
                .setKeepAliveTimeout(KEEP_SECONDS)
                .setReceiveBufferSize(SOCKET_BUFFER)
                .setMaxHeaderSize(64 * 1024)
                .setMaxInitialLineLength(16 * 1024)
                .setDecompressionSupported(false);
    }

    private HttpClientAgent client(HttpClientOptions options) {
        return vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS))
                .withConnectHandler(connection -> {
                    connection.closeHandler(_ -> used.remove(connection));
                    // The request on it, if any, is told as well.
                    connection.exceptionHandler(_ -> {});
                })
                .build();
    }

    private HttpClientAgent secure() {
        var client = secure;
        if (client == null) {
            var options = options().setSsl(true).setVerifyHost(true).setSslHandshakeTimeout(CONNECT_MS / 1000);
            if (trusted != null) {
                options.setTrustOptions(trusted);
            }
            client = client(options);
            secure = client;
        }
        return client;
    }

    /**
     * @param uri what comes behind the backend's base
     * @param fresh over a new connection, which nothing else is sent on
     */
    Future<HttpClientRequest> post(Backend backend, String uri, Duration connect, boolean fresh) {
        var base = backend.base();
        boolean tls = "https".equals(base.getScheme());
        int port = base.getPort() > 0 ? base.getPort() : tls ? 443 : 80;
        String prefix = base.getRawPath();
        var options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(base.getHost())
                .setPort(port)
                .setURI(prefix == null || prefix.isEmpty() ? uri : prefix + uri);
        if (!connect.isZero()) {
            options.setConnectTimeout(connect.toMillis());
        }
        var client = tls ? secure() : plain;
        if (!fresh) {
            return client.request(options);
        }
        options.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        return client.connect(to(options)).compose(own -> own.request(options));
    }

    private static HttpConnectOptions to(RequestOptions request) {
        var options = new HttpConnectOptions().setHost(request.getHost()).setPort(request.getPort());
        if (request.getConnectTimeout() > 0) {
            options.setConnectTimeout(request.getConnectTimeout());
        }
        return options;
    }

    /** The server has answered on it, so that it may close it at any time without a fault. */
    void answered(HttpConnection connection) {
        used.add(connection);
    }

    /** Whether a request that finds the connection closed may be sent again: the server may have been done with it. */
    boolean answeredBefore(HttpConnection connection) {
        return used.contains(connection);
    }
}
