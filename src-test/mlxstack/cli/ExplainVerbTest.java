package mlxstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import mlxstack.api.TestingControlPlane;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Effect.Availability;
import mlxstack.reconcile.Revision;
import mlxstack.reconcile.State;
import mlxstack.reconcile.Units;
import mlxstack.spec.Env;
import mlxstack.spec.MemoryEstimator;
import mlxstack.spec.Stack;
import mlxstack.spec.StackFile;
import mlxstack.spec.Workload;
import org.junit.jupiter.api.Test;

class ExplainVerbTest {

    private static final String STACK = """
            apiVersion: mlxstack.dev/v1
            kind: Stack
            metadata: {name: home}
            spec:
              endpoints:
                - {name: primary, engine: simulator, port: 8000, roles: [main], queue: {maxWaiting: 8, maxWait: 30s}}
                - {name: fast, engine: simulator, port: 8001, contextWindow: 8192}
              providers:
                - name: openrouter
                  type: openai
                  baseUrl: https://openrouter.ai/api/v1
                  apiKey: {env: OPENROUTER_API_KEY}
                  models: [{name: premium, model: vendor/large, price: {input: "3.00", output: "15.00"}}]
              gateway:
                keys:
                  - {name: hermes, secret: {env: HERMES_KEY}, allow: [primary, fast, smart], context: {source_kind: owner}}
                  - {name: phone, secret: {env: PHONE_KEY}, allow: [fast, auto], floor: fast}
                routes:
                  - name: research
                    match: {model: smart, headers: {x-team: [research, lab]}}
                    backends: [{provider: openrouter, model: premium}]
                  - name: owner-work
                    match: {model: smart, context: {source_kind: owner}}
                    backends:
                      - {endpoint: primary, timeout: {firstToken: 60s}, spill: {queueFull: true}}
                      - {provider: openrouter, model: premium}
                  - name: anyone
                    match: {model: smart}
                    backends: [{endpoint: fast}]
                complexity:
                  mode: on
                  classifier: text
                  levels: {simple: {model: fast, maxTokens: 512}, standard: {model: primary}, expert: {model: premium}}
                  order: [fast, primary, premium]
            """;

    private static Terminal terminal(Availability primary) {
        return terminal(STACK, primary);
    }

    /** @param text with endpoints called primary and fast */
    static Terminal terminal(String text, Availability primary) {
        Stack stack = new StackFile()
                .parse(
                        text.getBytes(StandardCharsets.UTF_8),
                        Path.of("/home/ada/stack.yaml"),
                        new Env(Path.of("/"), MemoryEstimator.none(), _ -> ""))
                .get();
        var revision = new Revision(1, "3f9ac13f9ac1", Instant.EPOCH, null, "/home/ada/stack.yaml", stack);
        var gateway = new Effect.WriteGatewayConfig(
                List.of(backend(stack, "primary", primary), backend(stack, "fast", Availability.READY)),
                stack.providers(),
                stack.gateway());
        return new Terminal(new TestingControlPlane(with(Units.state(revision), gateway)));
    }

    private static Effect.Backend backend(Stack stack, String name, Availability availability) {
        Workload workload = stack.workloads().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        var names = name.equals("primary") ? List.of("primary", "main") : List.of("fast");
        return new Effect.Backend(name, names, 8000, availability, 3, workload);
    }

    private static State with(State s, Effect.WriteGatewayConfig gateway) {
        return new State(
                s.stack(),
                s.recovered(),
                s.revision(),
                s.held(),
                s.source(),
                s.desired(),
                s.units(),
                s.dependents(),
                s.pending(),
                s.memoryTotal(),
                s.memoryReserved(),
                s.portHolders(),
                s.avoided(),
                s.durable(),
                gateway,
                null);
    }

    @Test
    void eachRouteAndWhatDidNotHold() throws InterruptedException {
        var terminal = terminal(Availability.READY).run("explain", "route", "--model", "smart", "--key", "hermes");
        assertThat(terminal.out()).isEqualTo("""
                context: source_kind=owner (the key's)

                ROUTE        MATCHES   WHY
                research     no        header x-team: found none, expected "research" or "lab"
                owner-work   yes       all that it asks for holds
                anyone       -         a route before it matched

                BACKEND              STATE   FIRST TOKEN   IDLE   TOTAL   MAX TOKENS   FULL QUEUE SPILLS TO
                primary              ready   1m            2m     -       -            any
                openrouter/premium   ready   2m            2m     -       -            endpoints
                reasons: route:owner-work
                """);
        assertThat(terminal.code).isZero();
    }

    @Test
    void whatAClientClaimsDoesNotMakeItTheOwner() throws InterruptedException {
        var terminal = terminal(Availability.READY)
                .run("explain", "route", "--model=smart", "--key=phone", "--context=source_kind=owner");
        assertThat(terminal.out()).contains("context: source_kind=owner\n").endsWith("""
                        refused: 403 key "phone" does not have access to model "smart"; it may use: fast, smart, auto
                        reasons: route:owner-work, not_allowed:primary, not_allowed:openrouter/premium
                        """);
        assertThat(terminal.code).isEqualTo(1);
    }

    @Test
    void complexityWithItsScore() throws InterruptedException {
        var terminal = terminal(Availability.STARTING)
                .run("explain", "route", "--model", "auto", "--key", "phone", "--prompt", "hi there");
        assertThat(terminal.out()).isEqualTo("""
                ROUTE          MATCHES   WHY
                research       no        model: found "auto", expected "smart"; header x-team: found none, expected "research" or "lab"
                owner-work     no        model: found "auto", expected "smart"; context source_kind: found none, expected "owner"
                anyone         no        model: found "auto", expected "smart"
                (complexity)   simple    short, simple_words (score -0.150)

                BACKEND              STATE      FIRST TOKEN   IDLE   TOTAL   MAX TOKENS   FULL QUEUE SPILLS TO
                fast                 ready      2m            2m     -       512          endpoints
                openrouter/premium   ready      2m            2m     -       512          endpoints
                primary              starting   2m            2m     -       512          endpoints
                reasons: complexity:simple, short, simple_words, starting:primary
                """);
    }

    @Test
    void forPrograms() throws InterruptedException {
        var terminal = terminal(Availability.STARTING);
        assertThat(terminal.run("explain", "route", "--model=main", "--key=hermes", "-o", "yaml")
                        .out())
                .contains(
                        "- name: research\n", "condition: header x-team\n", "backend: primary\n", "state: starting\n");
        assertThat(terminal.run(
                                "explain",
                                "route",
                                "--model=smart",
                                "--key=hermes",
                                "--header=X-Team=lab",
                                "-o",
                                "jsonpath={.decision.refused.status} {.rules[0].matches}")
                        .out()
                        .strip())
                .endsWith("true");
    }

    @Test
    void statusNamesWhatIsNeverReached() throws InterruptedException {
        assertThat(terminal(Availability.READY).run("status").out()).doesNotContain("never");
        String hidden = STACK.replace("match: {model: smart, headers: {x-team: [research, lab]}}", "match: {}");
        assertThat(terminal(hidden, Availability.READY).run("status").out())
                .contains(
                        "gateway: route owner-work is never reached: route research before it matches everything it could match; move it up or remove it\n");
    }

    @Test
    void whatCannotBeAskedIsSaidPlainly() throws InterruptedException {
        var terminal = terminal(Availability.READY);
        assertThat(terminal.run("explain", "route").err()).contains("expected --model or --class");
        assertThat(terminal.run("explain", "route", "--model=smart", "--key=herms")
                        .err())
                .contains("there is no key \"herms\" in spec.gateway.keys");
        assertThat(terminal.run("explain", "route", "--model=smart").out()).contains("refused: 401 found no API key");
        assertThat(terminal.run("explain").out()).contains("mlxstackctl explain route");
        var none = new Terminal(new TestingControlPlane(Units.state()));
        assertThat(none.run("explain", "route", "--model=smart").err()).contains("the stack has no gateway");
        assertThat(none.code).isEqualTo(1);
    }
}
