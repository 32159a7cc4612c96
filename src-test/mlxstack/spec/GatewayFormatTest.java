package mlxstack.spec;

import static mlxstack.spec.Parsing.spec;
import static mlxstack.spec.Parsing.valid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What keys, routes, providers and complexity mean. */
class GatewayFormatTest {

    private static final String AROUND = """
            endpoints:
              - {name: fast, engine: simulator, roles: [main]}
              - {name: deep, engine: mlx-lm, model: org/deep}
            providers:
              - name: far
                type: openai
                baseUrl: https://far/v1
                timeout: {connect: 5s, total: 10m}
                models:
                  - {name: premium, model: anthropic/sonnet, price: {input: "3", output: "15"}}
            """;

    private static Stack stack(String gateway) {
        return valid(spec(AROUND + "gateway:\n" + gateway.indent(2)));
    }

    private static Gateway gateway(String text) {
        return stack(text).gateway();
    }

    @Test
    void aKeyWithEverything() {
        assertThat(gateway("""
                        keys:
                          - name: hermes
                            secret: {file: ~/hermes.key}
                            allow: [main, far/premium, smart, org/deep]
                            limits: {requestsPerMinute: 60, tokensPerMinute: 100000}
                            budgets: [{usd: "1.50"}, {tokens: 3000000000, window: hour, rolling: true}]
                            floor: standard
                            context: {source_kind: owner}
                        routes: [{name: r, match: {model: smart}}]
                        complexity: {levels: {standard: {model: deep}}, order: [fast, deep]}
                        """).keys())
                .containsExactly(new ClientKey(
                        "hermes",
                        new EnvValue.FromFile("/home/ada/hermes.key"),
                        List.of("main", "far/premium", "smart", "org/deep"),
                        60,
                        100_000,
                        List.of(
                                new Budget(new BigDecimal("1.50"), null, Budget.Window.DAY, false),
                                new Budget(null, 3_000_000_000L, Budget.Window.HOUR, true)),
                        "deep",
                        Map.of("source_kind", "owner")));
    }

    @Test
    void whatIsKeptAndHowFastMoneyGoes() {
        assertThat(gateway("engine: builtin").keeping()).isEqualTo(Keeping.DEFAULT);
        assertThat(gateway("engine: builtin").usdPerMinute()).isNull();
        var gateway = gateway("""
                limits: {usdPerMinute: "2.50"}
                ledger: {retentionDays: 400, maxSize: 2Gi}
                responses: {keep: none, maxSize: 1Mi}
                """);
        assertThat(gateway.usdPerMinute()).isEqualTo("2.50");
        assertThat(gateway.keeping()).isEqualTo(new Keeping(400, 2L << 30, Keeping.Answers.NONE, 30, 1L << 20));
    }

    @Test
    void whatAProviderSaysOfTimeLiesUnderWhatARouteSays() {
        var backends = gateway("""
                        routes:
                          - name: r
                            backends: [{provider: far, model: premium, timeout: {total: 1m}}, {endpoint: fast, timeout: {idle: 0}}]
                        """).routes().getFirst().backends();
        assertThat(backends)
                .extracting(Route.Target::timeouts)
                .containsExactly(
                        new Timeouts(
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(120),
                                Duration.ofSeconds(120),
                                Duration.ofMinutes(1)),
                        new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(120), Duration.ZERO, Duration.ZERO));
        assertThat(stack("engine: builtin").providers().getFirst().timeouts().total())
                .isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    @DisplayName("an empty value has no opinion, one text is a list of one, headers are in lower case")
    void matches() {
        assertThat(gateway("""
                        routes:
                          - name: r
                            match: {model: [smart, ""], modelClass: "", headers: {X-Team: [a, b], X-None: ""}, context: {platform: cli, source_kind: []}}
                        """).routes().getFirst().match())
                .isEqualTo(new Route.Match(
                        List.of("smart"),
                        List.of(),
                        List.of(),
                        Map.of("x-team", List.of("a", "b")),
                        Map.of("platform", List.of("cli"))));
    }

    @Test
    @DisplayName("Hermes' maps become routes after those of the list, by our names or by the servers' own")
    void legacy() {
        var routes = gateway("""
                routes: [{name: platform-cli, match: {model: smart}}]
                platforms: {telegram: main, api_server: {model: premium}, slack: "", cli: {model: org/deep}}
                by_source: {cron: {model: anthropic/sonnet}, hub_peer: {model: anthropic/sonnet, provider: far}, stranger: {}}
                """).routes();
        assertThat(routes)
                .extracting(Route::name, route -> route.match().context())
                .containsExactly(
                        tuple("platform-cli", Map.of()),
                        tuple("platform-telegram", Map.of("platform", List.of("telegram"))),
                        tuple("platform-api-server", Map.of("platform", List.of("api_server"))),
                        tuple("platform-cli-legacy", Map.of("platform", List.of("cli"))),
                        tuple("source-cron", Map.of("source_kind", List.of("cron"))),
                        tuple("source-hub-peer", Map.of("source_kind", List.of("hub_peer"))));
        assertThat(routes.stream().skip(1).map(route -> route.backends().getFirst()))
                .extracting(Route.Target::endpoint, Route.Target::provider, Route.Target::model)
                .containsExactly(
                        tuple("main", null, null),
                        tuple(null, "far", "premium"),
                        tuple("deep", null, null),
                        tuple(null, "far", "premium"),
                        tuple(null, "far", "premium"));
    }

    @Test
    void complexityWithWhatItHasByItself() {
        var complexity = Objects.requireNonNull(gateway("""
                complexity:
                  levels: {trivial: {model: fast, maxTokens: 256}, expert: {model: premium}}
                  roles: {reviewer: {floor: expert}, planner: {level: expert, floor: fast}}
                  order: [fast, premium]
                """).complexity());
        assertThat(complexity)
                .isEqualTo(new Complexity(
                        Complexity.Mode.OFF,
                        Complexity.Classifier.DECLARED,
                        "auto",
                        Map.of(
                                "trivial", new Complexity.Level("fast", 256),
                                "expert", new Complexity.Level("premium", null)),
                        Map.of(
                                "reviewer", new Complexity.Role(null, "premium"),
                                "planner", new Complexity.Role("expert", "fast")),
                        List.of("fast", "premium")));
        assertThat(gateway("engine: builtin").complexity()).isNull();
    }

    @Test
    void whatAnEndpointIsUsedFor() {
        var workloads = valid(spec("""
                        endpoints:
                          - {name: a, engine: simulator, speaks: [chat, count_tokens], modelClass: code}
                          - {name: b, engine: simulator}
                        """)).workloads();
        assertThat(workloads.getFirst().serving())
                .isEqualTo(new Workload.Serving(List.of(ModelApi.CHAT, ModelApi.COUNT_TOKENS), "code"));
        assertThat(workloads.get(1).serving())
                .as("as before there was such a thing")
                .isNull();
    }

    @Test
    void budgetsOfTheWholeStack() {
        assertThat(gateway("budget: {usd: \"100\", window: month}").budgets())
                .containsExactly(new Budget(new BigDecimal("100"), null, Budget.Window.MONTH, false));
        assertThat(gateway("engine: builtin").budgets()).isEmpty();
    }

    @Test
    void whatTheGatewayTells() {
        assertThat(gateway("engine: builtin").telemetry()).isEqualTo(new Telemetry(true, null));
        assertThat(gateway("{accessLog: false, traces: {endpoint: \"http://otel:4318/x\"}}")
                        .telemetry())
                .isEqualTo(new Telemetry(false, "http://otel:4318/x"));
    }
}
