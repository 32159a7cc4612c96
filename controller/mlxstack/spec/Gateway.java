package mlxstack.spec;

import java.util.List;
import java.util.Map;

/**
 * The one address of all models.
 *
 * @param keys named keys as written (references only), preview
 * @param routes routes as written, preview
 * @param complexity as written, preview
 */
public record Gateway(
        Engine engine,
        String host,
        int port,
        List<Map<String, Object>> keys,
        List<Map<String, Object>> routes,
        Map<String, Object> complexity) {

    public Gateway {
        keys = List.copyOf(keys);
        routes = List.copyOf(routes);
        complexity = Map.copyOf(complexity);
    }

    public enum Engine {
        BUILTIN,
        LITELLM,
        NONE
    }
}
