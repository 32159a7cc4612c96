package mlxstack.proxy;

import io.vavr.control.Either;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Obstacle;
import mlxstack.spec.EnvValue;
import mlxstack.spec.Provider;

/**
 * What lies in the home for a LiteLLM, each mode 0600: its configuration {@code NAME.yaml}, the keys it needs as {@code
 * NAME.env}, and {@code gateway-litellm.key}, which only our front and it know. Keeps no value; one thread a name.
 */
public final class LitellmHome {

    private static final String MASTER_KEY = "gateway-litellm.key";

    private final Path home;
    private final EngineFacts engines;
    private final Function<EnvValue, Either<Obstacle, String>> resolve;

    /** @param resolve a reference to the secret's value, now; left: what is missing, without a value */
    public LitellmHome(Path home, EngineFacts engines, Function<EnvValue, Either<Obstacle, String>> resolve) {
        this.home = home;
        this.engines = engines;
        this.resolve = resolve;
    }

    /**
     * @param missing keys that are not there, by who needs them; its models then fail and the next of a chain is asked
     * @param limits what the stack file says and LiteLLM cannot do, a sentence each
     */
    public record Written(Map<String, Obstacle> missing, List<String> limits) {
        public Written {
            missing = Map.copyOf(missing);
            limits = List.copyOf(limits);
        }
    }

    /** Makes the files say what the LiteLLM of that name is to read when it starts. */
    public Written write(Effect.WriteLitellmConfig effect) throws IOException {
        var plan = LitellmPlan.of(effect.table());
        var missing = new LinkedHashMap<String, Obstacle>();
        var env = new StringBuilder();
        line(env, LitellmFile.MASTER_KEY, Files.readString(masterKey(home)).strip());
        for (Provider provider : effect.table().providers()) {
            if (provider.apiKey() != null) {
                resolve.apply(provider.apiKey())
                        .peek(value -> line(env, LitellmFile.variable(provider), value))
                        .peekLeft(why -> missing.put("provider " + provider.name(), why));
            }
        }
        PrivateFile.replace(home.resolve(effect.name() + ".env"), bytes(env.toString()));
        PrivateFile.replace(
                home.resolve(effect.name() + ".yaml"), bytes(new LitellmFile(engines.upstreamModel()).text(plan)));
        return new Written(missing, plan.warnings());
    }

    /** A key has one line, whatever was found under its name. */
    private static void line(StringBuilder env, String name, String value) {
        env.append(name)
                .append("=\"")
                .append(value.lines().findFirst().orElse(""))
                .append("\"\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The file of the key; made if there is none. Whoever comes first makes it. */
    static Path masterKey(Path home) throws IOException {
        Path file = home.resolve(MASTER_KEY);
        if (!Files.exists(file)) {
            RandomGenerator random = new SecureRandom();
            byte[] key = new byte[24];
            random.nextBytes(key);
            Path fresh = home.resolve("." + MASTER_KEY + "." + Long.toHexString(random.nextLong()));
            PrivateFile.replace(fresh, bytes("sk-" + HexFormat.of().formatHex(key) + "\n"));
            try {
                // Unlike a rename it leaves what another has made.
                Files.createLink(file, fresh);
            } catch (FileAlreadyExistsException e) {
                // That one is as good.
            } finally {
                Files.delete(fresh);
            }
        }
        return file;
    }
}
