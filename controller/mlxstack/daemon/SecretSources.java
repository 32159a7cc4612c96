package mlxstack.daemon;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import mlxstack.reconcile.Effect;
import mlxstack.spec.ClientKey;
import mlxstack.spec.EnvValue;
import mlxstack.spec.Provider;

/**
 * The files that the gateway's secrets come from. Nothing tells when they change, so that they are looked at again and
 * again; a keychain cannot be looked at. Any thread; one lock.
 */
final class SecretSources {

    private final String env;
    private Map<String, String> stamps = Map.of();

    /** @param env the home's file of variables */
    SecretSources(Path env) {
        this.env = env.toString();
    }

    /** From now on it is those of {@code table}; to be called before they are read. */
    synchronized void of(Effect.WriteGatewayConfig table) {
        Set<String> files = new TreeSet<>();
        Stream.concat(
                        table.providers().stream().map(Provider::apiKey),
                        table.gateway().keys().stream().map(ClientKey::secret))
                .forEach(reference -> {
                    switch (reference) {
                        case EnvValue.FromEnv _ -> files.add(env);
                        case EnvValue.FromFile(String path) -> files.add(path);
                        case EnvValue.FromKeychain _, EnvValue.Text _ -> {}
                        case null -> {}
                    }
                });
        stamps = StackParser.stamps(files);
    }

    /** Whether one of them is another one than the last time. */
    synchronized boolean changed() {
        if (stamps.isEmpty()) {
            return false;
        }
        var now = StackParser.stamps(stamps.keySet());
        boolean changed = !now.equals(stamps);
        stamps = now;
        return changed;
    }
}
