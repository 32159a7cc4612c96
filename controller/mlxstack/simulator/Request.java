package mlxstack.simulator;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request as it was read.
 *
 * @param path without query
 * @param headers by lower-case name; a repeated one keeps its last value
 * @param old whether the client speaks HTTP/1.0, and so knows no chunks
 * @param keepAlive whether another request may follow
 */
record Request(String method, String path, Map<String, String> headers, String body, boolean old, boolean keepAlive) {

    @Nullable
    String header(String lowerCaseName) {
        return headers.get(lowerCaseName);
    }
}
