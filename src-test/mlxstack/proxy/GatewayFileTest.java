package mlxstack.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.control.Either;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Effect.Availability;
import mlxstack.reconcile.Obstacle;
import mlxstack.reconcile.Units;
import mlxstack.spec.Budget;
import mlxstack.spec.ClientKey;
import mlxstack.spec.Complexity;
import mlxstack.spec.EnvValue;
import mlxstack.spec.Gateway;
import mlxstack.spec.ModelApi;
import mlxstack.spec.Provider;
import mlxstack.spec.Route;
import mlxstack.spec.Timeouts;
import mlxstack.spec.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayFileTest {

    private static final String PROVIDER_KEY = "sk-or-THE-PROVIDERS-KEY";
    private static final String CLIENT_KEY = "THE-CLIENTS-KEY";

    @TempDir
    Path dir;

    private final Map<String, String> environment =
            new HashMap<>(Map.of("OPENROUTER_API_KEY", PROVIDER_KEY, "HERMES_KEY", CLIENT_KEY));

    private GatewayFile file() {
        return new GatewayFile(
                dir.resolve("gateway.json"),
                new EngineFacts(
                        workload -> workload.name().equals("deep") ? "/m/deep" : null,
                        _ -> EnumSet.of(ModelApi.COMPLETIONS, ModelApi.CHAT)),
                this::resolve,
                () -> new byte[16]);
    }

    private Either<Obstacle, String> resolve(EnvValue value) {
        String name = value instanceof EnvValue.FromEnv(String variable) ? variable : "";
        String found = environment.get(name);
        return found == null ? Either.left(new Obstacle.SecretMissing(name)) : Either.right(found);
    }

    private static Effect.WriteGatewayConfig table(Availability availability) {
        return new Effect.WriteGatewayConfig(
                List.of(
                        new Effect.Backend(
                                "fast",
                                List.of("fast", "org/m", "main"),
                                8000,
                                availability,
                                2,
                                Units.endpoint("fast", 8000),
                                2,
                                new Workload.Queue(32, Duration.ofSeconds(60)),
                                new Workload.Serving(List.of(ModelApi.RERANK, ModelApi.CHAT), "code")),
                        new Effect.Backend(
                                "deep", List.of("deep"), 8001, Availability.STARTING, 5, Units.endpoint("deep", 8001))),
                List.of(),
                new Gateway(Gateway.Engine.BUILTIN, "127.0.0.1", 4000));
    }

    /** With everything there is. */
    static Effect.WriteGatewayConfig whole() {
        var timeouts =
                new Timeouts(Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ZERO);
        return new Effect.WriteGatewayConfig(
                table(Availability.READY).backends(),
                List.of(
                        new Provider(
                                "openrouter",
                                Provider.Type.OPENAI,
                                "https://openrouter.ai/api/v1/",
                                new EnvValue.FromEnv("OPENROUTER_API_KEY"),
                                List.of(
                                        new Provider.Model(
                                                "premium",
                                                "anthropic/claude-sonnet-4.5",
                                                Map.of("input", "3.00", "output", "15.000000001"),
                                                200_000),
                                        new Provider.Model("deep", "x/deep", Map.of(), null)),
                                List.of(),
                                List.of(new Budget(new BigDecimal("5.00"), null, Budget.Window.DAY, false)),
                                timeouts),
                        new Provider(
                                "attic",
                                Provider.Type.OLLAMA,
                                "http://attic.local:11434",
                                null,
                                List.of(new Provider.Model("big", "llama3:70b", Map.of(), null)),
                                List.of(ModelApi.CHAT),
                                List.of(),
                                Timeouts.DEFAULT)),
                new Gateway(
                        Gateway.Engine.BUILTIN,
                        "127.0.0.1",
                        4000,
                        List.of(
                                new ClientKey(
                                        "hermes",
                                        new EnvValue.FromEnv("HERMES_KEY"),
                                        List.of("fast", "smart"),
                                        60,
                                        100_000,
                                        List.of(
                                                new Budget(new BigDecimal("1.00"), null, Budget.Window.DAY, false),
                                                new Budget(null, 2_000_000L, Budget.Window.HOUR, true)),
                                        "fast",
                                        Map.of("source_kind", "owner")),
                                new ClientKey(
                                        "ci",
                                        new EnvValue.FromFile("/etc/ci.key"),
                                        List.of(),
                                        0,
                                        0,
                                        List.of(),
                                        null,
                                        Map.of())),
                        List.of(
                                new Route(
                                        "owner-work",
                                        new Route.Match(
                                                List.of("smart"),
                                                List.of("code"),
                                                List.of("hermes"),
                                                Map.of("x-team", List.of("a", "b")),
                                                Map.of("source_kind", List.of("owner"))),
                                        List.of(
                                                new Route.Target("fast", null, null, timeouts, true),
                                                new Route.Target(
                                                        null, "openrouter", "premium", Timeouts.DEFAULT, false))),
                                new Route(
                                        "seen",
                                        new Route.Match(List.of(), List.of(), List.of(), Map.of(), Map.of()),
                                        List.of())),
                        new Complexity(
                                Complexity.Mode.SHADOW,
                                Complexity.Classifier.TEXT,
                                "auto",
                                Map.of(
                                        "trivial", new Complexity.Level("fast", 512),
                                        "expert", new Complexity.Level("premium", null)),
                                Map.of("reviewer", new Complexity.Role("expert", "deep")),
                                List.of("fast", "deep", "premium")),
                        List.of(new Budget(new BigDecimal("9.5"), 10L, Budget.Window.MONTH, false))));
    }

    private static String golden(String name) throws Exception {
        try (var in = GatewayFileTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    private Path config() {
        return dir.resolve("gateway.json");
    }

    private Path secrets() {
        return dir.resolve("gateway.secrets.json");
    }

    private static String mode(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void writesEndpoints() throws Exception {
        file().write(table(Availability.READY));
        assertThat(config()).content().isEqualToNormalizingWhitespace("""
                        {
                          "version" : 2,
                          "listen" : { "host" : "127.0.0.1", "port" : 4000 },
                          "backends" : [ {
                            "id" : "fast",
                            "names" : [ "fast", "org/m", "main" ],
                            "base" : "http://127.0.0.1:8000",
                            "speaks" : [ "chat", "rerank" ],
                            "availability" : "ready",
                            "retryAfterSeconds" : 2,
                            "concurrency" : 2,
                            "maxWaiting" : 32,
                            "maxWait" : 60000,
                            "modelClass" : "code"
                          }, {
                            "id" : "deep",
                            "names" : [ "deep" ],
                            "base" : "http://127.0.0.1:8001",
                            "upstreamModel" : "/m/deep",
                            "speaks" : [ "chat", "completions" ],
                            "availability" : "starting",
                            "retryAfterSeconds" : 5,
                            "concurrency" : 0,
                            "maxWaiting" : 0,
                            "maxWait" : 0
                          } ],
                          "routes" : [ ],
                          "keys" : [ ],
                          "budgets" : [ ],
                          "providerBudgets" : { }
                        }
                        """);
        assertThat(mode(config())).isEqualTo("rw-------");
        assertThat(secrets()).doesNotExist();
    }

    @Test
    void writesEverythingThereIs() throws Exception {
        environment.put("", "the key in the file");
        file().write(whole());
        assertThat(config()).hasContent(golden("gateway.json"));
        assertThat(secrets()).hasContent(golden("gateway.secrets.json"));
        assertThat(mode(secrets())).isEqualTo("rw-------");
    }

    @Test
    void theConfigurationHoldsNoSecretAndTheOtherFileNoKeyOfAClient() throws Exception {
        file().write(whole());
        assertThat(config()).content().doesNotContain(PROVIDER_KEY).doesNotContain(CLIENT_KEY);
        assertThat(secrets()).content().contains(PROVIDER_KEY).doesNotContain(CLIENT_KEY);
    }

    @Test
    void whatHasNoSecretIsNotToBeUsedAndIsTold() throws Exception {
        environment.clear();
        var written = file().write(whole());
        assertThat(written.missing())
                .containsOnlyKeys("provider openrouter", "key hermes", "key ci")
                .containsEntry("provider openrouter", new Obstacle.SecretMissing("OPENROUTER_API_KEY"));
        assertThat(config())
                .content()
                .containsSubsequence(
                        "openrouter/premium", "unavailable", "openrouter/deep", "unavailable", "attic/big", "ready");
        assertThat(secrets()).doesNotExist();
        environment.put("OPENROUTER_API_KEY", PROVIDER_KEY);
        assertThat(file().write(whole()).missing()).containsOnlyKeys("key hermes", "key ci");
        assertThat(config()).content().doesNotContain("unavailable");
    }

    @Test
    void aChangedSecretChangesBothFilesAndTheSameOneNeither() throws Exception {
        String first = file().write(whole()).digest();
        Files.setLastModifiedTime(secrets(), FileTime.from(Instant.EPOCH));
        assertThat(file().write(whole()).digest()).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(secrets()).toInstant()).isEqualTo(Instant.EPOCH);
        environment.put("HERMES_KEY", "another");
        assertThat(file().write(whole()).digest()).isNotEqualTo(first);
        assertThat(config())
                .content()
                .contains("\"secrets\" : \"" + PrivateFile.digest(Files.readAllBytes(secrets())) + "\"");
    }

    @Test
    void writesOnlyWhatChanged() throws Exception {
        String first = file().write(table(Availability.READY)).digest();
        Object inode = Files.getAttribute(config(), "unix:ino");
        Files.setLastModifiedTime(config(), FileTime.from(Instant.EPOCH));
        assertThat(file().write(table(Availability.READY)).digest()).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(config()).toInstant()).isEqualTo(Instant.EPOCH);
        assertThat(Files.getAttribute(config(), "unix:ino")).isEqualTo(inode);
        assertThat(file().write(table(Availability.DRAINING)).digest()).isNotEqualTo(first);
        assertThat(Files.getAttribute(config(), "unix:ino"))
                .as("replaced, not overwritten")
                .isNotEqualTo(inode);
    }

    @Test
    void repairsWhatSomebodyEdited() throws Exception {
        String digest = file().write(table(Availability.READY)).digest();
        Files.writeString(config(), "{}");
        assertThat(file().digest()).isNotEqualTo(digest);
        assertThat(file().write(table(Availability.READY)).digest()).isEqualTo(digest);
        assertThat(file().digest()).isEqualTo(digest);
    }

    @Test
    void getsOverWhatACrashLeft() throws Exception {
        Path left = Files.writeString(dir.resolve(".gateway.json.tmp"), "half");
        Files.setPosixFilePermissions(left, PosixFilePermissions.fromString("rw-rw-rw-"));
        file().write(table(Availability.READY));
        assertThat(left).doesNotExist();
        assertThat(mode(config())).isEqualTo("rw-------");
    }

    @Test
    void aFileThatIsNotThereHasNoDigest() throws Exception {
        assertThat(file().digest()).isNull();
    }
}
