package mlxstack.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import mlxstack.route.Backend;

/** Connections to the model servers. Event loop only. */
final class Upstreams {

    private static final int CONNECT_MS = 2_000;
    /** Servers close idle connections after five seconds or more; earlier than they, none is lost to that. */
    private static final int KEEP_SECONDS = 4;

    private static final int SOCKET_BUFFER = 64 * 1024;
    private static final int CONNECTIONS = 4_096;

    private final HttpClient client;
    private final Set<HttpConnection> used = Collections.newSetFromMap(new IdentityHashMap<>());

    Upstreams(Vertx vertx) {
        var options = new HttpClientOptions()
                .setConnectTimeout(CONNECT_MS)
                .setKeepAliveTimeout(KEEP_SECONDS)
                .setReceiveBufferSize(SOCKET_BUFFER)
                .setMaxHeaderSize(64 * 1024)
                .setMaxInitialLineLength(16 * 1024)
                .setDecompressionSupported(false);
        client = vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS))
                .withConnectHandler(connection -> {
                    connection.closeHandler(_ -> used.remove(connection));
                    // The request on it, if any, is told as well.
                    connection.exceptionHandler(_ -> {});
                })
                .build();
    }

    Future<HttpClientRequest> post(Backend backend, String uri) {
        return client.request(new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(backend.base().getHost())
                .setPort(backend.base().getPort())
                .setURI(uri));
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
