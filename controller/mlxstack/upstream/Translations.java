package mlxstack.upstream;

import mlxstack.route.Hop;
import mlxstack.wire.BadRequest;
import mlxstack.wire.Translation;
import org.jspecify.annotations.Nullable;

/** Finds whoever puts a request into a backend's words. */
@FunctionalInterface
public interface Translations {

    Translations NONE = (_, _) -> null;

    /**
     * @return null when the backend is sent the client's own words
     * @throws BadRequest when the request cannot be said in the backend's
     */
    @Nullable
    Translation find(Call call, Hop hop) throws BadRequest;
}
