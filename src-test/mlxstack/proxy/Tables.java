package mlxstack.proxy;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Effect.Availability;
import mlxstack.reconcile.Units;
import mlxstack.spec.Budget;
import mlxstack.spec.ClientKey;
import mlxstack.spec.Complexity;
import mlxstack.spec.EnvValue;
import mlxstack.spec.Gateway;
import mlxstack.spec.Keeping;
import mlxstack.spec.ModelApi;
import mlxstack.spec.Provider;
import mlxstack.spec.Route;
import mlxstack.spec.Telemetry;
import mlxstack.spec.Timeouts;
import mlxstack.spec.Workload;

/** What a gateway may be told. */
public final class Tables {

    private Tables() {}

    static Effect.WriteGatewayConfig of(Availability availability) {
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
    public static Effect.WriteGatewayConfig whole() {
        var timeouts =
                new Timeouts(Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ZERO);
        return new Effect.WriteGatewayConfig(
                of(Availability.READY).backends(),
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
                        List.of(new Budget(new BigDecimal("9.5"), 10L, Budget.Window.MONTH, false)),
                        null,
                        Keeping.DEFAULT,
                        new Telemetry(false, "http://127.0.0.1:4318")));
    }
}
