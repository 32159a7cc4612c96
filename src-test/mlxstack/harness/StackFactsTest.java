package mlxstack.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.control.Either;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of a stack is what it really serves. */
class StackFactsTest {

    private static String stack(String endpoints, String gateway) {
        return """
                apiVersion: mlxstack.dev/v1
                kind: Stack
                metadata: {name: home}
                spec:
                  endpoints: [%s]
                  gateway: {%s}
                """.formatted(endpoints, gateway);
    }

    private static Either<String, Facts> of(
            String endpoints, String gateway, Map<Role, String> roles, @Nullable String key) {
        return StackFacts.of(
                Stacks.parsed(stack(endpoints, gateway)),
                new StackFacts.Choice(roles, key, "codex"),
                model -> model.equals("org/known") ? (Integer) 40_960 : null);
    }

    private static Facts facts(String endpoints, String gateway) {
        return of(endpoints, gateway, Map.of(), null).getOrElseThrow(() -> new AssertionError("no facts"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "engine: simulator, contextWindow: 16384 | 16384",
                "engine: simulator, contextWindow: 16384, args: [--context-window, '9000'] | 9000",
                "engine: llama-server, model: /m.gguf, contextWindow: 16384, concurrency: 4 | 16384",
                "engine: llama-server, model: /m.gguf, args: [-c, '32768', -np, '4'] | 8192",
                "engine: llama-server, model: /m.gguf, concurrency: 2, args: [--ctx-size=32768] | 16384",
                "engine: vllm-mlx, model: org/known, args: [--max-kv-size, '12000'] | 12000",
                "engine: mlx-lm, model: org/known | 40960",
                "engine: mlx-lm, model: org/unknown | ",
                "engine: ollama, model: qwen3, env: {OLLAMA_CONTEXT_LENGTH: '8192'} | 8192",
            })
    void theWindowIsTheOneTheServerRunsWith(String endpoint, @Nullable Integer window) {
        var main = facts("{name: primary, " + endpoint + "}", "").main();
        assertThat(main.window()).isEqualTo(window);
        assertThat(main.output()).isEqualTo(window == null ? null : (Integer) (window / 4));
    }

    @Test
    void anAnswersLimitIsTheServersWhereItHasOne() {
        var facts = facts(
                "{name: primary, engine: llama-server, model: /m.gguf, contextWindow: 32768, args: [-n, '500']}", "");
        assertThat(facts.main().output()).isEqualTo(500);
        assertThat(facts("{name: primary, engine: simulator, contextWindow: 1000000}", "")
                        .main()
                        .output())
                .isEqualTo(32_000);
    }

    @Test
    void rolesGoByTagsThenByNamesThenToTheMainModel() {
        var facts = facts("""
                {name: embed, engine: simulator, roles: [embeddings]}, {name: fast, engine: simulator},
                {name: big, engine: simulator, roles: [main, planner]}, {name: off, engine: simulator, replicas: 0, roles: [vision]}
                """, "");
        assertThat(facts.of(Role.MAIN).name()).isEqualTo("big");
        assertThat(facts.of(Role.FAST).name()).isEqualTo("fast");
        assertThat(facts.of(Role.REVIEW).name()).isEqualTo("big");
        assertThat(facts.of(Role.EMBEDDINGS).name()).isEqualTo("embed");
        assertThat(facts.model(Role.VISION)).isNull();
        assertThat(facts.models()).extracting(Model::name).containsExactly("big", "fast");
    }

    @Test
    void keysAreNamedAndTheirAllowanceHolds() {
        String endpoints = "{name: primary, engine: simulator}, {name: small, engine: simulator}";
        String keys = "keys: [{name: codex, secret: {env: CODEX_KEY}, allow: [small]}, {name: ci, secret: {file: /k}}]";
        var facts = facts(endpoints, keys);
        assertThat(facts.keyName()).isEqualTo("CODEX_KEY");
        assertThat(facts.main().name()).isEqualTo("small");
        assertThat(of(endpoints, keys, Map.of(), "ci").get().keyName()).isEqualTo("MLXSTACK_KEY");
        assertThat(of(endpoints, keys, Map.of(), "cii").getLeft())
                .isEqualTo("--key: spec.gateway.keys has no \"cii\"; did you mean \"ci\"?");
        assertThat(facts(endpoints, "").keyName()).isNull();
    }

    @Test
    void whatCannotBeIsTold() {
        String one = "{name: primary, engine: simulator}";
        assertThat(of(one, "engine: none", Map.of(), null).getLeft()).startsWith("the stack has no gateway");
        assertThat(of(one, "", Map.of(Role.FAST, "primry"), null).getLeft())
                .isEqualTo("--role fast: there is no model \"primry\"; did you mean \"primary\"?");
        assertThat(of("{name: primary, engine: simulator, replicas: 0}", "", Map.of(), null)
                        .getLeft())
                .startsWith("the stack has no endpoint that runs");
        assertThat(of(one, "", Map.of(Role.MAIN, "primary"), null).get().root()).isEqualTo("http://127.0.0.1:4000");
    }
}
