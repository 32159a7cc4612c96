package mlxstack.wire;

import java.io.ByteArrayOutputStream;

/**
 * Two translations, one behind the other: a client of Responses and a backend that speaks Messages meet in chat
 * completions.
 */
public final class Composed implements Translation {

    private final Translation client;
    private final Translation backend;
    private final SseReader between = new SseReader();

    /** Makes the second from the request that the first makes. */
    @FunctionalInterface
    public interface Next {
        Translation of(byte[] request) throws BadRequest;
    }

    /** @param client what the client speaks, translated to what {@code next} takes */
    public Composed(Translation client, Next next) throws BadRequest {
        this.client = client;
        this.backend = next.of(client.request());
    }

    @Override
    public Operation operation() {
        return backend.operation();
    }

    @Override
    public byte[] request() {
        return backend.request();
    }

    @Override
    public byte[] answer(byte[] body) throws BadAnswer {
        return client.answer(backend.answer(body));
    }

    @Override
    public byte[] frame(Frame frame) throws BadAnswer {
        return passed(backend.frame(frame));
    }

    private byte[] passed(byte[] events) throws BadAnswer {
        var out = new ByteArrayOutputStream(events.length + 128);
        between.read(events, 0, events.length, frame -> out.writeBytes(client.frame(frame)));
        return out.toByteArray();
    }

    @Override
    public byte[] end() {
        var out = new ByteArrayOutputStream();
        try {
            out.writeBytes(passed(backend.end()));
        } catch (BadAnswer e) {
            throw new IllegalStateException("what ends a translated stream is not understood by the next", e);
        }
        out.writeBytes(client.end());
        return out.toByteArray();
    }

    @Override
    public byte[] failed(ApiError error, Dialect dialect) {
        return client.failed(error, dialect);
    }
}
