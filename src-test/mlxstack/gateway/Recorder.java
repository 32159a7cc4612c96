package mlxstack.gateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import mlxstack.gateway.TestingUpstream.Connection;
import mlxstack.gateway.TestingUpstream.Received;

/** Stands between a client and the gateway, passes everything on as it comes, and keeps it. */
final class Recorder implements TestingUpstream.Script, AutoCloseable {

    private static final List<String> OF_THE_CONNECTION =
            List.of("host", "connection", "content-length", "transfer-encoding", "keep-alive", "upgrade", "expect");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int gateway;
    private final Queue<JsonObject> exchanges = new ConcurrentLinkedQueue<>();

    Recorder(int gateway) {
        this.gateway = gateway;
    }

    /** In the order in which they ended. */
    JsonArray exchanges() {
        return new JsonArray(List.copyOf(exchanges));
    }

    @Override
    public void answer(Received request, Connection to) throws Exception {
        String[] line = request.line().split(" ");
        var asked = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway + line[1]))
                .method(line[0], HttpRequest.BodyPublishers.ofString(request.text()));
        request.headers().forEach((name, value) -> {
            if (!OF_THE_CONNECTION.contains(name)) {
                asked.header(name, value);
            }
        });
        var answer = client.send(asked.build(), HttpResponse.BodyHandlers.ofInputStream());
        var kept = new ByteArrayOutputStream();
        try (var body = answer.body()) {
            passOn(answer, body, kept, to);
        } finally {
            exchanges.add(new JsonObject()
                    .put("request", line[0] + " " + line[1])
                    .put("headers", headers(request))
                    .put("body", request.text().isEmpty() ? null : new JsonObject(request.text()))
                    .put("status", answer.statusCode())
                    .put("answer", kept.toString(StandardCharsets.UTF_8)));
        }
    }

    private static JsonObject headers(Received request) {
        var headers = new JsonObject();
        request.headers().forEach(headers::put);
        return headers;
    }

    private static void passOn(
            HttpResponse<InputStream> answer, InputStream body, ByteArrayOutputStream kept, Connection to)
            throws IOException {
        var head = new StringBuilder("HTTP/1.1 " + answer.statusCode() + " -\r\nTransfer-Encoding: chunked\r\n");
        answer.headers().map().forEach((name, values) -> {
            if (!OF_THE_CONNECTION.contains(name)) {
                values.forEach(
                        value -> head.append(name).append(": ").append(value).append("\r\n"));
            }
        });
        to.send(head.append("\r\n").toString());
        var buffer = new byte[8192];
        for (int length = body.read(buffer); length >= 0; length = body.read(buffer)) {
            kept.write(buffer, 0, length);
            to.chunk(java.util.Arrays.copyOf(buffer, length));
        }
        to.lastChunk();
    }

    @Override
    public void close() {
        client.close();
    }
}
