package mlxstack.proxy;

import io.vavr.control.Either;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Obstacle;
import mlxstack.spec.EnvValue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What the gateway must know and nobody else may: keys of providers as they are, keys of clients as salted digests,
 * which is all it takes to know them again. A file of its own, so that the configuration can be shown to people. Used by
 * one thread at a time; keeps no value.
 */
final class SecretsFile {

    private static final int VERSION = 1;
    private static final Pattern SALT = Pattern.compile("\"salt\" : \"([0-9a-f]{32})\"");

    private final Path file;
    private final Function<EnvValue, Either<Obstacle, String>> resolve;
    private final Supplier<byte[]> salts;

    /**
     * @param resolve a reference to its value, now
     * @param salts sixteen new bytes
     */
    SecretsFile(Path file, Function<EnvValue, Either<Obstacle, String>> resolve, Supplier<byte[]> salts) {
        this.file = file;
        this.resolve = resolve;
        this.salts = salts;
    }

    /**
     * @param digest of the file that goes with the configuration; null when there is no secret at all
     * @param providers whose key is not there
     * @param missing by who needs it ({@code provider openrouter}): what to do about it; names references, no values
     */
    record Resolved(@Nullable String digest, Set<String> providers, Map<String, Obstacle> missing) {}

    /** Makes the file say what {@code table} needs. */
    Resolved write(Effect.WriteGatewayConfig table) throws IOException {
        var lacking = new LinkedHashSet<String>();
        var missing = new LinkedHashMap<String, Obstacle>();
        String salt = salt();
        var root = JsonNodeFactory.instance.objectNode().put("version", VERSION).put("salt", salt);
        var providers = root.putObject("providers");
        for (var provider : table.providers()) {
            if (provider.apiKey() != null) {
                resolve.apply(provider.apiKey())
                        .peek(value -> providers.put(provider.name(), value))
                        .peekLeft(why -> {
                            lacking.add(provider.name());
                            missing.put("provider " + provider.name(), why);
                        });
            }
        }
        var keys = root.putObject("keys");
        for (var key : table.gateway().keys()) {
            resolve.apply(key.secret())
                    .peek(value -> keys.put(key.name(), digest(salt, value)))
                    .peekLeft(why -> missing.put("key " + key.name(), why));
        }
        if (providers.isEmpty() && keys.isEmpty()) {
            return new Resolved(null, lacking, missing);
        }
        byte[] content = (root.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
        PrivateFile.replace(file, content);
        return new Resolved(PrivateFile.digest(content), lacking, missing);
    }

    /** SHA-256 of the salt's digits and the secret, in hex. */
    private static String digest(String salt, String secret) {
        return PrivateFile.digest((salt + secret).getBytes(StandardCharsets.UTF_8));
    }

    /** The one there is, so that equal secrets make equal bytes. */
    private String salt() throws IOException {
        byte[] present = PrivateFile.read(file);
        if (present != null) {
            var found = SALT.matcher(new String(present, StandardCharsets.UTF_8));
            if (found.find()) {
                return found.group(1);
            }
        }
        return HexFormat.of().formatHex(salts.get());
    }
}
