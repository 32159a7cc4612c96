package mlxstack.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.vavr.control.Either;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mlxstack.ledger.Keys;
import mlxstack.proxy.EngineFacts;
import mlxstack.proxy.GatewayFile;
import mlxstack.proxy.Tables;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Obstacle;
import mlxstack.route.Backend;
import mlxstack.route.Backend.Availability;
import mlxstack.route.Price;
import mlxstack.spec.EnvValue;
import mlxstack.spec.ModelApi;
import mlxstack.spec.Provider;
import mlxstack.spec.Timeouts;
import mlxstack.wire.Operation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the daemon writes is what the gateway goes by. */
class RoundTripTest {

    @TempDir
    Path dir;

    private final Effect.WriteGatewayConfig table = Tables.whole();
    private final Map<String, String> environment =
            new HashMap<>(Map.of("OPENROUTER_API_KEY", "sk-or", "HERMES_KEY", "h1"));
    private Path config;

    @BeforeEach
    void write() throws Exception {
        config = dir.resolve("gateway.json");
        file().write(table);
    }

    private GatewayFile file() {
        return new GatewayFile(
                config,
                new EngineFacts(
                        workload -> workload.name().equals("deep") ? "/m/deep" : null,
                        _ -> EnumSet.allOf(ModelApi.class)),
                reference -> {
                    String found = environment.get(reference instanceof EnvValue.FromEnv(String name) ? name : "");
                    return found == null
                            ? Either.left(new Obstacle.SecretMissing(reference.toString()))
                            : Either.right(found);
                });
    }

    @Test
    void rulesComeThroughAsTheyAre() throws Exception {
        var read = TableFile.open(config).current();
        assertThat(read.routes()).isEqualTo(table.gateway().routes());
        assertThat(read.keys()).isEqualTo(table.gateway().keys());
        assertThat(read.complexity()).isEqualTo(table.gateway().complexity());
        assertThat(read.budgets()).isEqualTo(table.gateway().budgets());
        assertThat(read.providerBudgets())
                .isEqualTo(Map.of("openrouter", table.providers().getFirst().budgets()));
        assertThat(read.digest()).isEqualTo(file().digest());
    }

    /** Without what is looked at apart. */
    private static Backend plain(Backend b) {
        return new Backend(
                b.id(),
                b.names(),
                b.base(),
                b.upstreamModel(),
                b.api(),
                b.secret(),
                b.speaks(),
                b.availability(),
                b.retryAfterSeconds(),
                b.concurrency(),
                b.maxWaiting(),
                b.maxWait(),
                b.contextWindow(),
                b.price());
    }

    @Test
    void backendsComeThroughAsRoutingKnowsThem() throws Exception {
        var provider = table.providers().getFirst();
        var backends = TableFile.open(config).current().backends();
        assertThat(backends)
                .extracting(Backend::modelClass, Backend::timeouts)
                .containsExactly(
                        tuple("code", Timeouts.DEFAULT),
                        tuple(null, Timeouts.DEFAULT),
                        tuple(null, provider.timeouts()),
                        tuple(null, provider.timeouts()),
                        tuple(null, Timeouts.DEFAULT));
        assertThat(backends.stream().map(RoundTripTest::plain))
                .containsExactly(
                        new Backend(
                                "fast",
                                List.of("fast", "org/m", "main"),
                                URI.create("http://127.0.0.1:8000"),
                                null,
                                null,
                                null,
                                Set.of(Operation.CHAT_COMPLETIONS, Operation.RERANK),
                                Availability.READY,
                                2,
                                2,
                                32,
                                Duration.ofSeconds(60),
                                null,
                                Price.FREE),
                        new Backend(
                                "deep",
                                List.of("deep"),
                                URI.create("http://127.0.0.1:8001"),
                                "/m/deep",
                                null,
                                null,
                                EnumSet.allOf(Operation.class),
                                Availability.STARTING,
                                5,
                                0,
                                0,
                                Duration.ZERO,
                                null,
                                Price.FREE),
                        new Backend(
                                "openrouter/premium",
                                List.of("openrouter/premium", "premium"),
                                URI.create("https://openrouter.ai/api"),
                                "anthropic/claude-sonnet-4.5",
                                Provider.Type.OPENAI,
                                "openrouter",
                                Set.of(
                                        Operation.CHAT_COMPLETIONS,
                                        Operation.COMPLETIONS,
                                        Operation.EMBEDDINGS,
                                        Operation.OTHER),
                                Availability.READY,
                                0,
                                0,
                                0,
                                Duration.ZERO,
                                200_000,
                                new Price(3_000_000_000L, 15_000_000_001L, 3_000_000_000L, 3_000_000_000L)),
                        new Backend(
                                "openrouter/deep",
                                List.of("openrouter/deep"),
                                URI.create("https://openrouter.ai/api"),
                                "x/deep",
                                Provider.Type.OPENAI,
                                "openrouter",
                                Set.of(
                                        Operation.CHAT_COMPLETIONS,
                                        Operation.COMPLETIONS,
                                        Operation.EMBEDDINGS,
                                        Operation.OTHER),
                                Availability.READY,
                                0,
                                0,
                                0,
                                Duration.ZERO,
                                null,
                                Price.FREE),
                        new Backend(
                                "attic/big",
                                List.of("attic/big", "big"),
                                URI.create("http://attic.local:11434"),
                                "llama3:70b",
                                Provider.Type.OLLAMA,
                                null,
                                Set.of(Operation.CHAT_COMPLETIONS),
                                Availability.READY,
                                0,
                                0,
                                0,
                                Duration.ZERO,
                                null,
                                Price.FREE));
    }

    private static Keys.Caller caller(TableFile tables, String secret) {
        return tables.keys().caller("Bearer " + secret, null);
    }

    @Test
    void secretsComeThroughAndNobodyElsesKeyIsTaken() throws Exception {
        var tables = TableFile.open(config);
        assertThat(tables.secrets().provider("openrouter")).isEqualTo("sk-or");
        assertThat(tables.secrets().provider("attic")).isNull();
        assertThat(caller(tables, "h1")).isEqualTo(new Keys.Caller.Holder("hermes"));
        assertThat(caller(tables, "h2")).isInstanceOf(Keys.Caller.Stranger.class);
        var secrets = Secrets.read(Files.readAllBytes(dir.resolve("gateway.secrets.json")));
        assertThat(secrets.toString()).doesNotContain("sk-or").doesNotContain("h1");
    }

    @Test
    void keysWithoutASecretKeepEverybodyOut() throws Exception {
        environment.clear();
        file().write(table);
        assertThat(dir.resolve("gateway.secrets.json")).doesNotExist();
        var tables = TableFile.open(config);
        assertThat(caller(tables, "h1")).isInstanceOf(Keys.Caller.Stranger.class);
        assertThat(caller(tables, "")).isInstanceOf(Keys.Caller.Stranger.class);
        assertThat(tables.keys().caller(null, null)).isInstanceOf(Keys.Caller.Stranger.class);
    }

    @Test
    void anotherSecretIsInForceForTheVeryNextRequest() throws Exception {
        var tables = TableFile.open(config);
        environment.put("HERMES_KEY", "h2");
        file().write(table);
        tables.current();
        assertThat(caller(tables, "h2")).isEqualTo(new Keys.Caller.Holder("hermes"));
        assertThat(caller(tables, "h1")).isInstanceOf(Keys.Caller.Stranger.class);
    }

    @Test
    void secretsOfAnotherTimeAreNotTakenUntilTheyFit() throws Exception {
        var tables = TableFile.open(config);
        Path secrets = dir.resolve("gateway.secrets.json");
        Path kept = Files.copy(secrets, dir.resolve("kept"));
        environment.put("OPENROUTER_API_KEY", "sk-new");
        file().write(table);
        Path fresh = Files.copy(secrets, dir.resolve("fresh"));
        Files.move(kept, secrets, StandardCopyOption.REPLACE_EXISTING);
        String before = tables.current().digest();
        assertThat(tables.problem()).isEqualTo("gateway.secrets.json is not the one that belongs to it");
        assertThat(tables.secrets().provider("openrouter")).isEqualTo("sk-or");
        Files.delete(secrets);
        tables.current();
        assertThat(tables.problem()).isEqualTo("there is no gateway.secrets.json, which it needs");
        Files.move(fresh, secrets);
        assertThat(tables.current().digest()).isNotEqualTo(before);
        assertThat(tables.problem()).isNull();
        assertThat(tables.secrets().provider("openrouter")).isEqualTo("sk-new");
    }
}
