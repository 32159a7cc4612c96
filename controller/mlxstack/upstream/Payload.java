package mlxstack.upstream;

/** The body of a request, held until nobody needs it any more, and where in it the model is named. */
public interface Payload {

    /** More than {@link #length} where the rest means nothing; empty once released. */
    byte[] bytes();

    int length();

    /** As the client wrote it; empty when it named a class of models instead. */
    String model();

    /** The model, or the class that the client named instead. */
    default String asked() {
        return model();
    }

    /** Index of the first byte of the model's value, a quote in JSON; of the class's member where there is no model. */
    int modelStart();

    /** Index after its last byte. */
    int modelEnd();

    /** What to put in place of {@link #modelStart} to {@link #modelEnd}. */
    byte[] modelAs(String name);

    /** Of the answer, as the client limits it; 0 when it does not. */
    int maxTokens();

    /** Whether the client asks for a stream. */
    boolean stream();

    void release();
}
