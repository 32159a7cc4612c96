package mlxstack.bench;

import io.vavr.control.Either;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import mlxstack.wire.BadAnswer;
import mlxstack.wire.Frame;
import mlxstack.wire.SseReader;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Asks one server for chat completions. Thread-safe; every call blocks its own thread until the answer has ended. */
public final class Chat implements AutoCloseable {

    private static final MediaType JSON = MediaType.get("application/json");
    private static final int PIECE = 16 << 10;
    private static final int SHOWN = 200;

    private final Target target;
    private final OkHttpClient client;
    private final @Nullable String key;

    /** Each request has a connection of its own: a kept one may be gone by the time it is used. */
    public Chat(Target target, Duration atMost) {
        this(target, atMost, null);
    }

    /** @param key of the server; null where it wants none */
    public Chat(Target target, Duration atMost, @Nullable String key) {
        this.target = target;
        this.key = key;
        this.client = new OkHttpClient.Builder()
                .dispatcher(new Dispatcher())
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .readTimeout(Duration.ZERO)
                .callTimeout(atMost)
                .retryOnConnectionFailure(false)
                .build();
    }

    /** A request of this server's model with nothing in it yet. */
    private ObjectNode request(int maxTokens) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("model", target.asked())
                .put("max_tokens", maxTokens)
                .put("temperature", 0);
    }

    /** Left: one line on what went wrong. */
    Either<String, Sample> stream(String prompt, int maxTokens) {
        // Answers of the same length compare; servers that do not know the field pass over it.
        var body = request(maxTokens).put("stream", true).put("ignore_eos", true);
        body.putObject("stream_options").put("include_usage", true);
        body.putArray("messages").addObject().put("role", "user").put("content", prompt);
        var watch = new Stopwatch(System.nanoTime());
        return call(body, response -> {
            watch.read(Objects.requireNonNull(response.body()).source());
            return watch.sample();
        });
    }

    /** @return nanoseconds until something was said. Left: nothing was, and why */
    public Either<String, Long> says(String prompt, int maxTokens) {
        return stream(prompt, maxTokens)
                .filterOrElse(sample -> sample.tokens() > 0, _ -> "the answer was empty")
                .map(Sample::last);
    }

    /** The whole answer to messages with tools. Left: one line on what went wrong. */
    Either<String, JsonNode> answer(String prompt, JsonNode tools, int maxTokens) {
        var body = request(maxTokens);
        body.putArray("messages").addObject().put("role", "user").put("content", prompt);
        body.set("tools", tools);
        return call(body, response -> {
            try {
                return Either.right(JsonMapper.shared().readTree(response.body().string()));
            } catch (JacksonException e) {
                return Either.left("the answer is no JSON");
            }
        });
    }

    @FunctionalInterface
    private interface Reading<T> {
        Either<String, T> of(Response response) throws IOException;
    }

    private <T> Either<String, T> call(ObjectNode body, Reading<T> reading) {
        var request = new Request.Builder()
                .url(target.url() + "/v1/chat/completions")
                .post(RequestBody.create(body.toString(), JSON));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        try (var response = client.newCall(request.build()).execute()) {
            if (!response.isSuccessful()) {
                return Either.left("it answered " + response.code() + ": "
                        + shown(response.body().string()));
            }
            return reading.of(response);
        } catch (ConnectException e) {
            return Either.left("nobody listens at " + target.url());
        } catch (InterruptedIOException e) {
            return Either.left("no whole answer within "
                    + Duration.ofMillis(client.callTimeoutMillis()).toSeconds() + " s");
        } catch (IOException e) {
            return Either.left("the connection broke: " + e.getMessage());
        }
    }

    private static String shown(String body) {
        String line = body.strip().replaceAll("\\s+", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }

    @Override
    public void close() {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    /** Reads one stream and notes when what came. Confined to one call. */
    private static final class Stopwatch {
        private final long sent;
        private long first;
        private long last;
        private int pieces;
        private int promptTokens;
        private int cachedTokens;
        private int tokens = -1;
        private boolean finished;

        Stopwatch(long sent) {
            this.sent = sent;
        }

        void read(BufferedSource source) throws IOException {
            var reader = new SseReader();
            var bytes = new byte[PIECE];
            try {
                for (int n = source.read(bytes); n >= 0; n = source.read(bytes)) {
                    reader.read(bytes, 0, n, this::frame);
                }
                reader.end(this::frame);
            } catch (BadAnswer e) {
                throw new IOException(e.getMessage(), e);
            }
        }

        private void frame(Frame frame) throws BadAnswer {
            if (frame.data().isEmpty() || frame.data().equals("[DONE]")) {
                return;
            }
            JsonNode node;
            try {
                node = JsonMapper.shared().readTree(frame.data());
            } catch (JacksonException e) {
                throw new BadAnswer("an event is no JSON: " + shown(frame.data()));
            }
            if (node.has("error")) {
                throw new BadAnswer(shown(node.path("error")
                        .path("message")
                        .asString(node.path("error").toString())));
            }
            for (var choice : node.path("choices")) {
                if (says(choice.path("delta"))) {
                    last = System.nanoTime() - sent;
                    first = pieces == 0 ? last : first;
                    pieces++;
                }
                finished |= choice.path("finish_reason").isString();
            }
            var usage = node.path("usage");
            if (usage.isObject()) {
                promptTokens = usage.path("prompt_tokens").asInt(0);
                cachedTokens = usage.path("prompt_tokens_details")
                        .path("cached_tokens")
                        .asInt(0);
                tokens = usage.path("completion_tokens").asInt(-1);
            }
        }

        private static boolean says(JsonNode delta) {
            return !delta.path("content").asString("").isEmpty()
                    || !delta.path("reasoning_content").asString("").isEmpty()
                    || !delta.path("reasoning").asString("").isEmpty()
                    || !delta.path("tool_calls").isEmpty();
        }

        Either<String, Sample> sample() {
            return finished
                    ? Either.right(new Sample(
                            promptTokens,
                            cachedTokens,
                            pieces == 0 || tokens < 0 ? pieces : tokens,
                            tokens >= 0,
                            first,
                            last))
                    : Either.left("the answer broke off after %d pieces".formatted(pieces));
        }
    }
}
