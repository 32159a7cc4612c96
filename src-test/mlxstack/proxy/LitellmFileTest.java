package mlxstack.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import mlxstack.reconcile.Effect;
import mlxstack.spec.Env;
import mlxstack.spec.MemoryEstimator;
import mlxstack.spec.Stack;
import mlxstack.spec.StackFile;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Stacks and what becomes of them; {@code -Dmlxstack.golden=write} writes down what becomes of them now. */
class LitellmFileTest {

    private static final Path DIR = Path.of("src-test/mlxstack/proxy/litellm");
    private static final YAMLMapper YAML = new YAMLMapper();

    static Effect.WriteGatewayConfig table(Stack stack) {
        var backends = new ArrayList<Effect.Backend>();
        for (Workload workload : stack.workloads()) {
            if (workload.kind() == Workload.Kind.ENDPOINT) {
                var names = new LinkedHashSet<>(List.of(workload.name()));
                String model = workload.template().model();
                if (model != null) {
                    names.add(model);
                }
                names.addAll(workload.roles());
                backends.add(new Effect.Backend(
                        workload.name(),
                        List.copyOf(names),
                        8000 + backends.size(),
                        Effect.Availability.READY,
                        2,
                        workload));
            }
        }
        return new Effect.WriteGatewayConfig(backends, stack.providers(), stack.gateway());
    }

    static Stack stack(String name) throws IOException {
        var env = new Env(Path.of("/home/ada"), MemoryEstimator.none(), path -> "");
        var parsed = new StackFile()
                .parse(Files.readAllBytes(DIR.resolve(name + ".stack.yaml")), Path.of("/etc/stack.yaml"), env);
        assertThat(parsed.isValid()).as("%s: %s", name, parsed).isTrue();
        return parsed.get();
    }

    static LitellmPlan plan(String name) throws IOException {
        return LitellmPlan.of(table(stack(name)));
    }

    private static @Nullable String upstream(Workload workload) {
        return switch (workload.template().engine()) {
            case MLX_LM -> "default_model";
            case OLLAMA -> workload.template().model();
            default -> null;
        };
    }

    private static String text(LitellmPlan plan) {
        return new LitellmFile(LitellmFileTest::upstream).text(plan);
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "premium", "complexity", "names"})
    void aStackMakesThisFile(String name) throws IOException {
        var plan = plan(name);
        String made = text(plan) + "# " + String.join("\n# ", plan.warnings()) + "\n";
        Path golden = DIR.resolve(name + ".litellm.yaml");
        if ("write".equals(System.getProperty("mlxstack.golden"))) {
            Files.writeString(golden, made);
        }
        assertThat(made).isEqualTo(Files.readString(golden));
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "premium", "complexity", "names"})
    @DisplayName("what LiteLLM would take without a word and then miss: every name that is mentioned is there, once")
    void everyReferenceLeadsSomewhere(String name) throws IOException {
        var plan = plan(name);
        JsonNode root = YAML.readTree(text(plan));
        var groups = new HashSet<String>();
        for (JsonNode model : root.path("model_list")) {
            assertThat(groups.add(model.path("model_name").asString()))
                    .as(model.toString())
                    .isTrue();
        }
        for (JsonNode fallback : root.path("router_settings").path("fallbacks")) {
            assertThat(fallback.size()).isEqualTo(1);
            fallback.properties().forEach(chain -> {
                assertThat(groups).contains(chain.getKey());
                chain.getValue().forEach(next -> {
                    assertThat(groups).contains(next.asString());
                    assertThat(plan.chains())
                            .as("a chain goes no further than it says")
                            .doesNotContainKey(next.asString());
                });
            });
        }
        for (JsonNode model : root.path("model_list")) {
            var params = model.path("litellm_params");
            params.path("complexity_router_config")
                    .path("tiers")
                    .forEach(tier -> assertThat(groups).contains(tier.asString()));
            if (params.has("complexity_router_default_model")) {
                assertThat(groups)
                        .contains(params.path("complexity_router_default_model").asString());
            }
        }
        plan.served().forEach(one -> assertThat(groups).contains(one.group()));
        assertThat(plan.served().stream().map(LitellmPlan.Served::id)).doesNotHaveDuplicates();
        assertThat(plan.served().stream().flatMap(one -> one.names().stream())).doesNotHaveDuplicates();
        var ids = plan.served().stream().map(LitellmPlan.Served::id).toList();
        plan.routes()
                .forEach(route -> route.backends()
                        .forEach(target -> assertThat(ids).contains(target.provider() + "/" + target.model())));
        assertThat(root.path("general_settings").has("fallbacks")).isFalse();
    }

    @Test
    @DisplayName("a fallback to what costs money is never nested into a chain that does not name it")
    void aNameWithAChainIsNoMemberOfAnother() throws IOException {
        var plan = plan("names");
        assertThat(plan.chains().get("main")).containsExactly("other");
        assertThat(plan.chains().get("route/all")).doesNotContain("main");
        assertThat(plan.chains().get("route/all")).containsExactly("other", "lab/main");
    }

    @Test
    void noSecretIsWritten() throws IOException {
        assertThat(text(plan("premium")))
                .contains("os.environ/MLXSTACK_PROVIDER_OPENROUTER", "os.environ/MLXSTACK_PROVIDER_CLAUDE_DIRECT")
                .doesNotContain("OPENROUTER_API_KEY", "/etc/claude.key", "HERMES_KEY");
    }

    @Test
    @DisplayName("what a map's order is depends on the day; the file does not")
    void equalStacksMakeEqualFiles() throws IOException {
        assertThat(text(plan("premium"))).isEqualTo(text(plan("premium")));
    }
}
