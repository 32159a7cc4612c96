package mlxstack.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers that clients may go on from. Confined to the thread of who holds it. */
public interface ResponseStore {

    /**
     * One answer.
     *
     * @param owner the name of the key that asked; empty without keys. Nobody else is given it
     * @param previous the id of the answer it went on from; null when it was the first
     * @param input a JSON list: what was asked then, without the history
     * @param response JSON: the whole answer, as the client got it
     */
    record Kept(String id, String owner, @Nullable String previous, String input, String response) {}

    void keep(Kept answer);

    /** Null when there is none of that id or it is another's. */
    @Nullable
    Kept find(String owner, String id);

    /** All that led to it, the oldest first and itself last; empty when there is none of that id or it is another's. */
    List<Kept> history(String owner, String id);

    /** @return whether there was one */
    boolean delete(String owner, String id);
}
