package mlxstack.gateway;

import mlxstack.upstream.Call;
import org.jspecify.annotations.Nullable;

/** Is told of requests, on the event loop. */
interface Witness {

    /** One that is for a backend has come; null when it is not traced. */
    @Nullable
    Spans began(Call call);

    void ended(Seen seen);
}
