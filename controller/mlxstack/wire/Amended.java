package mlxstack.wire;

/** A request in the backend's own dialect that cannot go quite as it is; the answer can. Used for one attempt. */
public final class Amended implements Translation {

    private final Operation operation;
    private final byte[] body;

    /** @param body with the backend's own name for the model */
    public Amended(Operation operation, byte[] body) {
        this.operation = operation;
        this.body = body;
    }

    @Override
    public Operation operation() {
        return operation;
    }

    @Override
    public byte[] request() {
        return body;
    }

    @Override
    public byte[] answer(byte[] whole) {
        return whole;
    }

    @Override
    public byte[] frame(Frame frame) {
        return SseWriter.bytes(frame);
    }

    @Override
    public byte[] end() {
        return new byte[0];
    }
}
