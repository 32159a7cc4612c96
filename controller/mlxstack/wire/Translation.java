package mlxstack.wire;

import java.nio.charset.StandardCharsets;

/**
 * One exchange between a client and a backend of another dialect. Made from the client's request, used for one attempt,
 * by one thread.
 *
 * <p>Of a stream: {@link #frame} for each frame that the backend sent, then {@link #end} when its answer was whole; or
 * neither again, and {@link #failed}.
 */
public interface Translation {

    /** What the backend is asked. */
    Operation operation();

    /** The body for the backend; its model is already the backend's own name. */
    byte[] request();

    /** The body for the client, from the whole body of a backend's answer of status 200.
     *
     * @throws BadAnswer when it is not what the backend's dialect says */
    byte[] answer(byte[] body) throws BadAnswer;

    /** What the client is sent for this frame, whole server-sent events in its dialect; empty when nothing. */
    byte[] frame(Frame frame) throws BadAnswer;

    /** What ends the client's stream. */
    byte[] end();

    /** What ends the client's stream when the backend's broke: an error that belongs to what was sent before. */
    default byte[] failed(ApiError error, Dialect client) {
        return error.frame(client).getBytes(StandardCharsets.UTF_8);
    }
}
