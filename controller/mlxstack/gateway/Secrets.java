package mlxstack.gateway;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was read from {@code gateway.secrets.json}. Immutable; never shown. */
final class Secrets {

    static final Secrets NONE = new Secrets("", Map.of(), Map.of());

    private static final int VERSION = 1;

    private final String salt;
    private final Map<String, String> providers;
    /** Hex digits as bytes, by the key's name. */
    private final Map<String, byte[]> keys;

    private Secrets(String salt, Map<String, String> providers, Map<String, byte[]> keys) {
        this.salt = salt;
        this.providers = Map.copyOf(providers);
        this.keys = keys;
    }

    static Secrets read(byte[] bytes) throws BadConfig {
        var root = new Fields(ConfigReader.json(bytes), "");
        int version = root.number("version", 0, Integer.MAX_VALUE);
        if (version != VERSION) {
            throw new BadConfig("found version %d of the secrets, expected %d: written by another release"
                    .formatted(version, VERSION));
        }
        var keys = new LinkedHashMap<String, byte[]>();
        root.textMap("keys").forEach((name, digest) -> keys.put(name, digest.getBytes(StandardCharsets.US_ASCII)));
        return new Secrets(root.text("salt"), root.textMap("providers"), keys);
    }

    /** What a backend is to be sent; null when it is not there. */
    @Nullable
    String provider(String secret) {
        return providers.get(secret);
    }

    /** The name of the client's key that {@code presented} is; null: of none. Takes as long for every wrong one. */
    @Nullable
    String key(String presented) {
        if (keys.isEmpty()) {
            return null;
        }
        byte[] digest = ConfigReader.digest((salt + presented).getBytes(StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.US_ASCII);
        String found = null;
        for (Map.Entry<String, byte[]> key : keys.entrySet()) {
            // Every one is looked at, so that the time does not tell which comes near.
            if (MessageDigest.isEqual(key.getValue(), digest)) {
                found = key.getKey();
            }
        }
        return found;
    }

    @Override
    public String toString() {
        return "Secrets[providers=" + providers.keySet() + ", keys=" + keys.keySet() + "]";
    }
}
