package mlxstack.spec;

import static mlxstack.spec.Parsing.spec;
import static mlxstack.spec.Parsing.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mlxstack.spec.Probe.Handler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The file the design shows means what the design says. */
class DesignFileTest {

    private Stack design;

    @BeforeEach
    void design() throws IOException {
        try (var in = DesignFileTest.class.getResourceAsStream("design.yaml")) {
            design = valid(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private Workload workload(String name) {
        return design.workloads().stream()
                .filter(workload -> workload.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theHeadOfTheDesignsFile() {
        assertThat(design.name()).isEqualTo("home");
        assertThat(design.labels()).isEqualTo(Map.of("host", "mac-studio"));
        assertThat(design.memory()).isEqualTo(new MemoryPolicy(new Quantity.Percent(40), new Quantity.Bytes(8L << 30)));
        assertThat(design.workloads())
                .extracting(Workload::name)
                .containsExactly("primary", "fast", "open-webui", "gateway");
    }

    @Test
    void theDefaultsOfTheDesignsFileLieUnderBoth() {
        for (var name : List.of("primary", "open-webui")) {
            var policy = workload(name).policy();
            assertThat(policy.restart())
                    .isEqualTo(new RestartPolicy(
                            RestartPolicy.When.ALWAYS,
                            new RestartPolicy.Backoff(
                                    Duration.ofSeconds(1), 2, Duration.ofSeconds(60), 0.25, Duration.ofMinutes(10)),
                            Set.of(78, 126, 127)));
            assertThat(policy.flapping())
                    .isEqualTo(new Flapping(5, Duration.ofMinutes(10), Duration.ofMinutes(5), Duration.ofHours(1)));
            assertThat(policy.logs()).isEqualTo(new LogPolicy(50L << 20, 5));
            assertThat(policy.terminationGracePeriod()).isEqualTo(Duration.ofSeconds(30));
            assertThat(policy.rollout())
                    .isEqualTo(new Rollout(Rollout.Strategy.RECREATE, Duration.ofMinutes(10), false));
            assertThat(workload(name).template().env())
                    .containsEntry("PATH", new EnvValue.Text("/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin"));
        }
    }

    @Test
    @DisplayName("what the design writes as defaults is what holds without them")
    void theDesignsDefaultsAreTheDefaults() {
        var bare = valid(spec("processes: [{name: a, command: [x]}]"))
                .workloads()
                .getFirst()
                .policy();
        var policy = workload("open-webui").policy();
        assertThat(bare.restart()).isEqualTo(policy.restart());
        assertThat(bare.flapping()).isEqualTo(policy.flapping());
        assertThat(bare.logs()).isEqualTo(policy.logs());
        assertThat(bare.rollout()).isEqualTo(policy.rollout());
        assertThat(bare.terminationGracePeriod()).isEqualTo(policy.terminationGracePeriod());
    }

    @Test
    void theEndpointOfTheDesignsFile() {
        var primary = workload("primary");
        var template = primary.template();
        assertThat(template.engine()).isEqualTo(EngineKind.VLLM_MLX);
        assertThat(template.model()).isEqualTo("mlx-community/Qwen3-8B-4bit");
        assertThat(template.port()).isEqualTo(8000);
        assertThat(template.contextWindow()).isEqualTo(32768);
        assertThat(template.concurrency()).isEqualTo(2);
        assertThat(template.args()).containsExactly("--reasoning-parser", "qwen3");
        assertThat(primary.policy().memory()).isEqualTo(6L << 30);
        assertThat(primary.queue()).isEqualTo(new Workload.Queue(32, Duration.ofSeconds(60)));
        assertThat(primary.roles()).containsExactly("main", "planner");
    }

    @Test
    void theProcessOfTheDesignsFile() {
        var ui = workload("open-webui");
        assertThat(ui.template().command()).containsExactly("open-webui", "serve", "--port", "8080");
        assertThat(ui.template().workingDirectory()).isEqualTo("/home/ada/webui");
        assertThat(ui.template().env()).containsEntry("WEBUI_AUTH", new EnvValue.Text("false"));
        assertThat(ui.template().envFrom()).containsExactly("/home/ada/.config/webui.env");
        assertThat(ui.template().ports()).containsExactly(8080);
        assertThat(ui.dependsOn()).containsExactly(new Dependency("gateway", Dependency.Condition.READY));
        assertThat(ui.policy().probes().readiness())
                .extracting(Probe::handler)
                .isEqualTo(new Handler.Http(8080, "/health", Map.of()));
    }

    @Test
    void whatTheDesignsFileTellsTheGateway() {
        assertThat(design.providers()).singleElement().satisfies(provider -> {
            assertThat(provider.type()).isEqualTo(Provider.Type.OPENAI);
            assertThat(provider.apiKey()).isEqualTo(new EnvValue.FromEnv("OPENROUTER_API_KEY"));
            assertThat(provider.models().getFirst().price()).isEqualTo(Map.of("input", "3.00", "output", "15.00"));
            assertThat(provider.budgets())
                    .containsExactly(new Budget(new BigDecimal("5.00"), null, Budget.Window.DAY, false));
        });
        assertThat(design.gateway().host() + ":" + design.gateway().port()).isEqualTo("127.0.0.1:4000");
        assertThat(design.gateway().routes())
                .containsExactly(new Route(
                        "owner-work",
                        new Route.Match(
                                List.of("smart"),
                                List.of(),
                                List.of(),
                                Map.of(),
                                Map.of("source_kind", List.of("owner"))),
                        List.of(
                                new Route.Target("primary", null, null, Timeouts.DEFAULT, false),
                                new Route.Target(null, "openrouter", "premium", Timeouts.DEFAULT, false))));
        assertThat(design.gateway().keys())
                .containsExactly(new ClientKey(
                        "hermes",
                        new EnvValue.FromEnv("HERMES_KEY"),
                        List.of("primary", "fast"),
                        0,
                        0,
                        List.of(new Budget(new BigDecimal("1.00"), null, Budget.Window.DAY, false)),
                        null,
                        Map.of()));
        assertThat(design.previews()).isEmpty();
    }
}
