package mlxstack.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PfxOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import mlxstack.route.Backend;
import mlxstack.route.Backend.Availability;
import mlxstack.route.Decision;
import mlxstack.route.Hop;
import mlxstack.route.Price;
import mlxstack.route.Table;
import mlxstack.spec.Provider;
import mlxstack.spec.Timeouts;
import mlxstack.wire.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Backends elsewhere, over TLS with a certificate of our own. */
class ProviderTest {

    private static final byte[] BODY = "{\"model\":\"m\"}".getBytes(StandardCharsets.UTF_8);

    /** A first handshake takes long where others are at work. */
    private static final Timeouts PATIENT =
            new Timeouts(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ZERO);

    @TempDir
    Path dir;

    private final Vertx vertx = Vertx.vertx();
    /** Held for as long as the test lasts: Vert.x shuts a client down that nobody refers to, also in the middle of a request. */
    private final HttpClient client = vertx.createHttpClient();

    private final CompletableFuture<Received> received = new CompletableFuture<>();

    private record Received(String uri, Map<String, String> headers, String body) {}

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    private record Body() implements Payload {
        @Override
        public byte[] bytes() {
            return BODY;
        }

        @Override
        public int length() {
            return BODY.length;
        }

        @Override
        public String model() {
            return "m";
        }

        @Override
        public int modelStart() {
            return 9;
        }

        @Override
        public int modelEnd() {
            return 12;
        }

        @Override
        public byte[] modelAs(String name) {
            return ("\"" + name + "\"").getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public int maxTokens() {
            return 0;
        }

        @Override
        public boolean stream() {
            return false;
        }

        @Override
        public void release() {
            // Held by the test.
        }
    }

    private static PfxOptions store(Path dir) throws Exception {
        Path file = dir.resolve("store.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String arguments = "-genkeypair -alias a -keyalg EC -groupname secp256r1 -dname CN=localhost -validity 2"
                + " -ext san=dns:localhost -storetype PKCS12 -storepass changeit -keystore";
        var command = new ArrayList<String>();
        command.add(keytool);
        command.addAll(List.of(arguments.split(" ")));
        command.add(file.toString());
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return new PfxOptions().setPath(file.toString()).setPassword("changeit");
    }

    private int provider(PfxOptions store, int status) throws Exception {
        return provider(
                store,
                request -> request.body().onSuccess(body -> {
                    var headers = new TreeMap<String, String>();
                    request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
                    received.complete(new Received(request.uri(), headers, body.toString()));
                    answer(request, status);
                }));
    }

    private static void answer(HttpServerRequest request, int status) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end("{\"ok\":true}");
    }

    private int provider(PfxOptions store, Handler<HttpServerRequest> handler) throws Exception {
        return vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(store)
                        .setUseAlpn(false))
                .requestHandler(handler)
                .listen(0, "localhost")
                .await(10, TimeUnit.SECONDS)
                .actualPort();
    }

    private static Backend backend(Provider.Type api, int port) {
        return new Backend(
                "p/m",
                List.of("m"),
                URI.create("https://localhost:" + port + "/api"),
                "big-model",
                api,
                "p",
                Set.of(Operation.CHAT_COMPLETIONS),
                Availability.READY,
                0,
                0,
                0,
                Duration.ZERO,
                null,
                Price.FREE);
    }

    private int gateway(Backend backend, @Nullable PfxOptions trusted) throws Exception {
        var table = Table.of("d", "127.0.0.1", 0, List.of(backend), List.of(), List.of(), null);
        var hops = List.of(new Hop(backend, PATIENT, false, null));
        var plain = Dispatcher.Ways.PLAIN;
        var ways = new Dispatcher.Ways(
                plain.translations(),
                name -> name.equals("p") ? "the-secret" : null,
                plain.admission(),
                plain.observer(),
                plain.tokens());
        var dispatcher =
                new Dispatcher(vertx, () -> table, new Upstreams(vertx, trusted), ways, Dispatcher.Pace.DEFAULT);
        return vertx.createHttpServer()
                .requestHandler(request -> request.end()
                        .onSuccess(_ -> dispatcher.dispatch(new Call(
                                request,
                                "id-1",
                                Operation.CHAT_COMPLETIONS,
                                request.uri(),
                                null,
                                new Body(),
                                _ -> new Decision.To(hops, null, null, List.of())))))
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS)
                .actualPort();
    }

    private Answer ask(int port) throws Exception {
        return client.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setURI("/v1/chat/completions")
                        .putHeader("Authorization", "Bearer the-clients")
                        .putHeader("x-api-key", "the-clients"))
                .compose(request -> request.send(Buffer.buffer(BODY)))
                .compose(answer -> answer.body().map(body -> new Answer(answer, body.toString())))
                .await(60, TimeUnit.SECONDS);
    }

    private record Answer(HttpClientResponse head, String text) {}

    @ParameterizedTest
    @EnumSource
    void isAskedOverTlsBelowItsBaseWithItsOwnKeyAndNeverTheClients(Provider.Type api) throws Exception {
        var store = store(dir);
        var answer = ask(gateway(backend(api, provider(store, 200)), store));
        assertThat(answer.head().statusCode()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{\"ok\":true}");
        assertThat(answer.head().getHeader("X-Mlxstack-Backend")).isEqualTo("p/m");
        var asked = received.get(10, TimeUnit.SECONDS);
        assertThat(asked.uri()).isEqualTo("/api/v1/chat/completions");
        assertThat(asked.body()).isEqualTo("{\"model\":\"big-model\"}");
        assertThat(asked.headers().toString()).doesNotContain("the-clients");
        switch (api) {
            case OPENAI, OLLAMA -> assertThat(asked.headers()).containsEntry("authorization", "Bearer the-secret");
            case ANTHROPIC ->
                assertThat(asked.headers())
                        .containsEntry("x-api-key", "the-secret")
                        .containsEntry("anthropic-version", "2023-06-01")
                        .doesNotContainKey("authorization");
        }
    }

    @Test
    void oneWhoseCertificateNobodyVouchesForIsNotSentAnything() throws Exception {
        var answer = ask(gateway(backend(Provider.Type.OPENAI, provider(store(dir), 200)), null));
        assertThat(answer.head().statusCode()).isEqualTo(503);
        assertThat(answer.text()).contains("endpoint_unreachable");
        assertThat(received).isNotDone();
    }

    @Test
    void whatItSaysOfOurKeyIsNotTheClients() throws Exception {
        var store = store(dir);
        var answer = ask(gateway(backend(Provider.Type.OPENAI, provider(store, 401)), store));
        assertThat(answer.head().statusCode()).isEqualTo(502);
        assertThat(answer.text()).contains("upstream_error");
    }

    @Test
    void isAskedAgainOverAConnectionThatStaysNoLongerThanThatWhenItIsDoneWithTheFirst() throws Exception {
        var store = store(dir);
        Set<HttpConnection> seen = ConcurrentHashMap.newKeySet();
        var gone = new CompletableFuture<Void>();
        int port = provider(store, request -> {
            if (!seen.add(request.connection())) {
                request.connection().close();
                return;
            }
            if (seen.size() == 2) {
                request.connection().closeHandler(gone::complete);
            }
            answer(request, 200);
        });
        int gateway = gateway(backend(Provider.Type.OPENAI, port), store);
        assertThat(ask(gateway).head().statusCode()).isEqualTo(200);
        assertThat(ask(gateway).head().statusCode()).isEqualTo(200);
        assertThat(seen).hasSize(2);
        gone.get(10, TimeUnit.SECONDS);
    }
}
