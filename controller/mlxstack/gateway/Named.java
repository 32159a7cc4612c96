package mlxstack.gateway;

import mlxstack.upstream.Payload;

/** A request's body and the model it names. */
record Named(Intake.Body body, ModelField field) implements Payload {

    @Override
    public byte[] bytes() {
        return body.bytes();
    }

    @Override
    public int length() {
        return body.length();
    }

    @Override
    public String model() {
        return field.value();
    }

    @Override
    public String asked() {
        String modelClass = field.modelClass();
        return modelClass == null ? field.value() : modelClass;
    }

    @Override
    public int modelStart() {
        return field.start();
    }

    @Override
    public int modelEnd() {
        return field.end();
    }

    @Override
    public byte[] modelAs(String name) {
        return field.replacement(name);
    }

    @Override
    public int maxTokens() {
        return field.maxTokens();
    }

    @Override
    public boolean stream() {
        return field.stream();
    }

    @Override
    public void release() {
        body.release();
    }
}
