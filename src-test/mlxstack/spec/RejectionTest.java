package mlxstack.spec;

import static mlxstack.spec.Parsing.problems;
import static mlxstack.spec.Parsing.spec;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people read when a file is refused. Every message says what was found, what was expected and where. */
class RejectionTest {

    @Test
    @DisplayName("G04: all mistakes of a file come out at once, in file order, each with its place")
    void G04_everythingAtOnce() {
        assertThat(problems(spec("""
                        endpoints:
                        - name: a
                          engine: simulater
                          prot: 8000
                          port: 70000
                        - name: a
                          engine: vllm-mlx
                          args: [8080]
                        processes:
                        - name: x
                          command: [a]
                          dependsOn: [{name: y}]
                          ports: [4000]
                        - name: y
                          command: []
                          dependsOn: [{name: x, condition: ready}, {name: gatway}]
                          terminationGracePeriod: 9999h
                        """)))
                .containsExactly(
                        "7:13: spec.endpoints[0].engine: found \"simulater\"; expected one of vllm-mlx, mlx-lm, llama-server, ollama, simulator, command; did you mean \"simulator\"?",
                        "8:5: spec.endpoints[0].prot: unknown field \"prot\"; did you mean \"port\"?",
                        "9:11: spec.endpoints[0].port: found the number 70000; expected a port number from 1 to 65535",
                        "10:5: spec.endpoints[1]: missing field \"model\"; engine vllm-mlx needs a catalog id, a hub repository or a path",
                        "10:11: spec.endpoints[1].name: duplicate name \"a\"; it is already given in line 6 (endpoints and processes share their names); choose another",
                        "12:12: spec.endpoints[1].args[0]: found the number 8080; expected text: write \"8080\"",
                        "17:13: spec.processes[0].ports[0]: duplicate port 4000; the gateway listens on it by default; choose another, here or as spec.gateway.listen",
                        "19:14: spec.processes[1].command: found an empty list; expected a list of a program and its arguments, such as [sh, -c, \"echo hello\"]",
                        "20:24: spec.processes[1].dependsOn[0].name: dependency cycle: x → y → x; take one of these dependencies out",
                        "20:38: spec.processes[1].dependsOn[0].condition: found \"ready\"; expected one of Started, Ready, Completed, Succeeded; did you mean \"Ready\"?",
                        "20:53: spec.processes[1].dependsOn[1].name: there is no endpoint or process \"gatway\"; did you mean \"gateway\"?",
                        "21:29: spec.processes[1].terminationGracePeriod: found \"9999h\"; expected at most 8760h (a year)");
    }

    @Test
    @DisplayName("G04: invalid YAML")
    void G04_invalidYaml() {
        assertThat(problems("a: [1\nb: 2\n"))
                .containsExactly(
                        "2:2: invalid YAML: expected ',' or ']'; a bracket or a comma is missing (it began in line 1)");
        assertThat(problems("a:\n\tb: 1\n")).containsExactly("2:1: invalid YAML: found a tab; indent with spaces");
        assertThat(problems("a: 'b\nc: 1\n"))
                .containsExactly(
                        "3:1: invalid YAML: found the end of the file within quotes; a closing quote is missing (it began in line 1)");
        assertThat(problems("a: b: c\n"))
                .containsExactly(
                        "1:5: invalid YAML: found a ':' where no field can begin; check the indentation, and put text that holds ': ' in quotes");
        assertThat(problems("a:\n  b: 1\n c: 2\n"))
                .containsExactly(
                        "3:2: invalid YAML: this line is indented differently from those it belongs to; check the indentation (it began in line 1)");
        assertThat(problems("a: @b\n"))
                .containsExactly("1:4: invalid YAML: found '@', which cannot begin a value; put the text in quotes");
        assertThat(problems("? [a]\n: b\n"))
                .containsExactly("1:4: invalid YAML: found a list or a mapping where the name of a field belongs");
    }

    @Test
    @DisplayName("G04: duplicate names across endpoints and processes, and the reserved one")
    void G04_duplicateName() {
        assertThat(problems(spec("""
                        endpoints:
                        - {name: a, engine: simulator}
                        - {name: gateway, engine: simulator}
                        processes:
                        - {name: a, command: [x]}
                        """)))
                .containsExactly(
                        "7:12: spec.endpoints[1].name: the name \"gateway\" is reserved for the gateway's own process; choose another",
                        "9:12: spec.processes[0].name: duplicate name \"a\"; it is already given in line 6 (endpoints and processes share their names); choose another");
    }

    @Test
    @DisplayName("G04: duplicate ports, the gateway's included")
    void G04_duplicatePort() {
        assertThat(problems(spec("""
                        endpoints:
                        - {name: a, engine: simulator, port: 8000}
                        - {name: b, engine: simulator, port: 4100}
                        processes:
                        - {name: c, command: [x], ports: [9000, 8000, 9000]}
                        gateway: {listen: "127.0.0.1:4100"}
                        """)))
                .containsExactly(
                        "7:40: spec.endpoints[1].port: duplicate port 4100; the gateway listens on it; choose another, here or as spec.gateway.listen",
                        "9:43: spec.processes[0].ports[1]: duplicate port 8000; it is already given in line 6; choose another",
                        "9:49: spec.processes[0].ports[2]: found the number 9000 a second time; expected each once");
        assertThat(problems(spec("endpoints: [{name: a, engine: simulator, port: 4000}]\ngateway: {engine: none}")))
                .isEmpty();
    }

    @Test
    @DisplayName("G04: dependency cycles are printed, each once")
    void G04_cycle() {
        assertThat(problems(spec("""
                        processes:
                        - {name: a, command: [x], dependsOn: [{name: b}]}
                        - {name: b, command: [x], dependsOn: [{name: c}, {name: d}]}
                        - {name: c, command: [x], dependsOn: [{name: a}]}
                        - {name: d, command: [x], dependsOn: [{name: d}]}
                        """)))
                .containsExactly(
                        "8:48: spec.processes[2].dependsOn[0].name: dependency cycle: a → b → c → a; take one of these dependencies out",
                        "9:48: spec.processes[3].dependsOn[0].name: dependency cycle: d → d; take one of these dependencies out");
    }

    @Test
    void whatYamlCanAndAStackMayNot() {
        assertThat(problems("""
                        apiVersion: mlxstack.dev/v1
                        kind: !!str Stack
                        metadata: &m {name: home, name: home}
                        spec:
                          <<: {}
                          endpoints: *m
                        ---
                        more
                        """))
                .containsExactly(
                        "2:7: kind: found a tag; expected the value without '!'",
                        "3:11: metadata: found an anchor '&m'; expected the value without it",
                        "3:27: metadata.name: duplicate field \"name\"; it is already given in line 3",
                        "5:3: spec[\"<<\"]: found a merge key '<<'; expected the fields written out",
                        "6:14: spec.endpoints: found an alias '*'; expected the value written out",
                        "8:1: found a second document; expected one document in the file, remove '---'");
    }

    @Test
    void anchorsOfKeysAndScalarsAreSeenToo() {
        assertThat(problems(spec("processes:\n- &p\n  &k name: &n a\n  command: [&c x]\n")))
                .containsExactly(
                        "6:5: spec.processes[0]: found an anchor '&p'; expected the value without it",
                        "7:5: spec.processes[0].name: found an anchor '&k'; expected the value without it",
                        "7:14: spec.processes[0].name: found an anchor '&n'; expected the value without it",
                        "8:15: spec.processes[0].command[0]: found an anchor '&c'; expected the value without it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# only a comment\n"})
    @DisplayName("G02, G05: an empty file is no stack without workloads")
    void G05_emptyFile(String text) {
        assertThat(problems(text))
                .containsExactly(
                        "1:1: the file is empty; expected a stack, beginning with apiVersion: mlxstack.dev/v1");
    }

    @Test
    @DisplayName("G02: a file cut off after a field's name is not read as an empty field")
    void G02_nothingIsNotEmpty() {
        assertThat(problems(spec("endpoints:\nprocesses: ~\n")))
                .containsExactly(
                        "5:13: spec.endpoints: found nothing; expected a list; write [] if it is to be empty",
                        "6:14: spec.processes: found nothing; expected a list; write [] if it is to be empty");
    }

    @Test
    void theWrongKindOfFile() {
        assertThat(problems("apiVersion: v1\nkind: Pod\nmetadata: {name: Home}\nspec: {}\n"))
                .containsExactly(
                        "1:13: apiVersion: found \"v1\"; expected \"mlxstack.dev/v1\"",
                        "2:7: kind: found \"Pod\"; expected \"Stack\"",
                        "3:18: metadata.name: found \"Home\"; expected a name of lower-case letters, digits and hyphens, at most 63, that begins and ends with a letter or a digit: write home");
        assertThat(problems("- a\n")).containsExactly("1:1: found a list; expected a mapping of fields");
    }

    @Test
    void bytesThatAreNoText() {
        var parsed = Parsing.STACK_FILE.parse(
                new byte[] {'a', ':', '\n', 'b', (byte) 0xc3, '\n'}, Path.of("x.yaml"), Parsing.ENV);
        assertThat(parsed.getError())
                .extracting(Problem::toString)
                .containsExactly("x.yaml:2:2: found byte 0xC3, which is not UTF-8; save the file as UTF-8");
        assertThat(problems("a: \u0001\n")).containsExactly("1:4: found the control character U+0001; remove it");
        assertThat(problems(spec("processes: [{name: a, command: [\"x\\0\"]}]")))
                .containsExactly("5:35: spec.processes[0].command[0]: found the character NUL; no text may hold it");
        assertThat(Parsing.parse(spec("endpoints: []").indent(0).replaceFirst("^", "\ufeff"))
                        .isValid())
                .isTrue();
    }

    @Test
    void tooMuchOfEverything() {
        var large = Parsing.STACK_FILE.parse(new byte[(1 << 20) + 1], Path.of("x.yaml"), Parsing.ENV);
        assertThat(large.getError())
                .extracting(Problem::message)
                .containsExactly("the file has 1,048,577 bytes; expected at most 1,048,576");
        assertThat(problems("a: " + "[".repeat(60)))
                .containsExactly("1:54: nested too deep; expected at most 50 levels");
        assertThat(problems("x: 1\n".repeat(300)))
                .hasSize(101)
                .last()
                .asString()
                .endsWith(" more");
    }

    @Test
    void numbersTheSchemaCannotWeigh() {
        assertThat(problems(spec("""
                        memory: {budget: 140%, reserve: 8 Gi}
                        defaults: {restart: {backoff: {initial: 2m}}, logs: {maxSize: 1Ki}}
                        processes:
                        - name: a
                          command: [x]
                          memory: 5000P
                          probes: {readiness: {exec: {command: [y]}, period: 1ms}}
                          flapping: {hold: {initial: 2h}}
                          preStop: {exec: {command: [x], timeout: 1d}}
                        """)))
                .containsExactly(
                        "5:20: spec.memory.budget: found \"140%\"; expected an amount of memory such as 8Gi, or a percentage from 0% to 100%",
                        "5:35: spec.memory.reserve: found \"8 Gi\"; expected an amount of memory such as 8Gi, or a percentage from 0% to 100%: write 8Gi",
                        "6:43: spec.defaults.restart.backoff.initial: initial (2m) is longer than max (1m); write a longer max or a shorter initial",
                        "6:65: spec.defaults.logs.maxSize: found 1Ki; expected at least 4Ki",
                        "10:13: spec.processes[0].memory: found \"5000P\"; expected at most 1024Pi",
                        "11:56: spec.processes[0].probes.readiness.period: found \"1ms\"; expected at least 10ms",
                        "12:32: spec.processes[0].flapping.hold.initial: initial (2h) is longer than max (1h); write a longer max or a shorter initial",
                        "13:45: spec.processes[0].preStop.exec.timeout: found \"1d\"; expected a duration such as 300ms, 30s or 1m30s: write 24h");
    }

    @Test
    void numbersBeyondAllMeasure() {
        assertThat(problems(spec("""
                        processes:
                        - name: a
                          command: [x]
                          priority: 99999999999999999999
                          port: -1e300
                          replicas: 1e20
                          restart: {backoff: {factor: 1e300, jitter: -1e300}}
                          env: {A: 99999999999999999999}
                        """)))
                .containsExactly(
                        "8:15: spec.processes[0].priority: found the number 99999999999999999999; expected a whole number from -1000 to 1000",
                        "9:5: spec.processes[0].port: unknown field \"port\"; did you mean \"ports\"?",
                        "10:15: spec.processes[0].replicas: found the number 1e20; expected 0 (stopped) or 1",
                        "11:33: spec.processes[0].restart.backoff.factor: found the number 1e300; expected a number from 1 to 100",
                        "11:48: spec.processes[0].restart.backoff.jitter: found the number -1e300; expected a number from 0 to 1",
                        "12:14: spec.processes[0].env.A: found a number; expected text (numbers and true/false in quotes), or one of {env: NAME}, {file: PATH} or {keychain: ITEM}");
    }

    @Test
    void probesThatAskNothingOrTooMuch() {
        assertThat(problems(spec("""
                        endpoints:
                        - {name: a, engine: command, command: [x], probes: {startup: {}, readiness: {http: {}}}}
                        processes:
                        - name: b
                          command: [x]
                          probes:
                            startup: {period: 1000h, failureThreshold: 10, exec: {command: [x]}}
                            readiness: {tcp: {}, log: {pattern: x}}
                            liveness: {log: {pattern: "("}, successThreshold: 2}
                        """)))
                .containsExactly(
                        "6:64: spec.endpoints[0].probes.startup: found no question to ask; expected one of http, tcp, exec, log",
                        "6:86: spec.endpoints[0].probes.readiness.http: missing field \"port\"; write it here, or as the endpoint's own port",
                        "11:50: spec.processes[0].probes.startup.failureThreshold: period × failureThreshold is more than 8760h (a year)",
                        "12:18: spec.processes[0].probes.readiness: found tcp and log; expected one of them",
                        "13:33: spec.processes[0].probes.liveness.log.pattern: found \"(\"; expected a regular expression (unclosed group)",
                        "13:57: spec.processes[0].probes.liveness.successThreshold: found 2; only a readiness probe can ask for more than 1 success");
    }

    @Test
    void enginesWithTheWrongFields() {
        assertThat(problems(spec("""
                        endpoints:
                        - {name: a, engine: ollama}
                        - {name: b, engine: command}
                        - {name: c, engine: command, command: [x], model: m}
                        - {name: d, engine: simulator, command: [x]}
                        - {name: e}
                        """)))
                .containsExactly(
                        "6:5: spec.endpoints[0]: missing field \"model\"; engine ollama needs a catalog id, a hub repository or a path",
                        "7:5: spec.endpoints[1]: missing field \"command\"; engine command needs a program and its arguments",
                        "8:53: spec.endpoints[2].model: found a model; engine command takes none, write it into command or args",
                        "9:43: spec.endpoints[3].command: found a command; engine simulator has its own, write args, or engine: command",
                        "10:5: spec.endpoints[4]: missing field \"engine\"; expected one of vllm-mlx, mlx-lm, llama-server, ollama, simulator, command");
    }

    @Test
    void anUnknownNeedIsAnErrorOnlyWhereMemoryIsLimited() {
        var endpoints = "endpoints: [{name: a, engine: mlx-lm, model: m}, {name: b, engine: simulator}]\n";
        assertThat(problems(spec(endpoints))).isEmpty();
        assertThat(problems(spec(endpoints + "memory: {reserve: 8Gi}")))
                .containsExactly(
                        "5:15: spec.endpoints[0].memory: the memory need of \"a\" is not known, and spec.memory limits what may run; write what it needs, such as memory: 6Gi");
    }

    @Test
    void theGatewayIsForThisMachine() {
        for (var address : new String[] {"127.0.0.1:4000", "127.1.2.3:1", "localhost:4000", "[::1]:4000"}) {
            assertThat(problems(spec("gateway: {listen: \"" + address + "\"}"))).isEmpty();
        }
        assertThat(problems(spec("gateway: {listen: \"0.0.0.0:4000\"}")))
                .containsExactly(
                        "5:21: spec.gateway.listen: found host \"0.0.0.0\"; expected a loopback address, such as 127.0.0.1:4000: the gateway serves this machine only");
        for (var address : new String[] {":4000", "4000", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "::1:4000"}) {
            assertThat(problems(spec("gateway: {listen: \"" + address + "\"}")))
                    .containsExactly("5:21: spec.gateway.listen: found \"" + address
                            + "\"; expected a host and a port, such as 127.0.0.1:4000");
        }
        assertThat(problems(spec(
                        "processes: [{name: a, command: [x], dependsOn: [{name: gateway}]}]\ngateway: {engine: none}")))
                .containsExactly(
                        "5:58: spec.processes[0].dependsOn[0].name: there is no gateway to wait for; spec.gateway.engine is none");
    }

    @Test
    void routesAndKeysThatNameNothing() {
        assertThat(problems(spec("""
                        endpoints: [{name: primary, engine: simulator}]
                        providers: [{name: far, type: openai, baseUrl: "https://x", models: [{name: big, model: b}]}]
                        gateway:
                          keys: [{name: k, secret: {env: K}, allow: [primray]}]
                          routes:
                          - name: r
                            match: {key: q}
                            backends: [{endpoint: big}, {provider: fra, model: big}, {provider: far, model: bgi}, {}]
                          - {name: r, backends: [{provider: far}]}
                        """)))
                .containsExactly(
                        "8:48: spec.gateway.keys[0].allow[0]: there is no model \"primray\"; did you mean \"primary\"?",
                        "11:20: spec.gateway.routes[0].match.key: there is no key \"q\"; expected one of k",
                        "12:29: spec.gateway.routes[0].backends[0].endpoint: there is no endpoint \"big\"; expected one of primary",
                        "12:46: spec.gateway.routes[0].backends[1].provider: there is no provider \"fra\"; did you mean \"far\"?",
                        "12:87: spec.gateway.routes[0].backends[2].model: there is no model of provider far \"bgi\"; did you mean \"big\"?",
                        "12:93: spec.gateway.routes[0].backends[3]: found neither endpoint nor provider; expected either endpoint, or provider and model",
                        "13:14: spec.gateway.routes[1].name: duplicate name \"r\"; it is already given in line 10; choose another",
                        "13:28: spec.gateway.routes[1].backends[0]: found only one of provider and model; expected both, or endpoint");
    }

    @Test
    @DisplayName("a secret that was written by mistake is in no message")
    void secretsAreNotRepeated() {
        var secret = "sk-1234567890";
        for (var spec : new String[] {
            "providers: [{name: p, type: openai, baseUrl: 'https://x', apiKey: sk-1234567890}]",
            "providers: [{name: p, type: openai, baseUrl: 'https://x', apiKey: {sk-1234567890: x}}]",
            "providers: [{name: p, type: openai, baseUrl: 'https://u:sk-1234567890@x'}]",
            "providers: [{name: p, type: openai, baseUrl: 'https://x', apiKey: {env: A, file: sk-1234567890}}]",
            "gateway: {keys: [{name: k, secret: sk-1234567890}]}",
            "gateway: {keys: [{name: k, secret: [sk-1234567890]}]}",
            "processes: [{name: a, command: [x], env: {A: [sk-1234567890]}}]",
            "processes: [{name: a, command: [x], env: {A: {sk-1234567890: 1}}}]",
            "processes: [{name: a, command: [x], env: {A: sk-1234567890: b}}]",
            "processes: [{name: a, command: [x], env: {A: 'sk-1234567890}}]",
            "processes: [{name: a, command: [x], probes: {readiness: {http: {port: 1, headers: {a: [sk-1234567890]}}}}}]"
        }) {
            assertThat(problems(spec(spec))).as(spec).isNotEmpty().noneMatch(problem -> problem.contains(secret));
        }
        assertThat(problems(spec("processes: [{name: a, command: [x], env: {A: 12345}}]")))
                .containsExactly(
                        "5:48: spec.processes[0].env.A: found a number; expected text (numbers and true/false in quotes), or one of {env: NAME}, {file: PATH} or {keychain: ITEM}");
    }

    @Test
    void namesWithOddCharactersAreShownHarmless() {
        assertThat(problems(spec("\"a\\nb\\e[31m\": 1")))
                .containsExactly(
                        "5:3: spec[\"a\\nb\\u001b[31m\"]: unknown field \"a\\nb\\u001b[31m\"; expected one of memory, defaults, endpoints, processes, providers, gateway");
        assertThat(new String(
                        problems(spec("x".repeat(500) + ": 1")).getFirst().getBytes(StandardCharsets.UTF_8),
                        StandardCharsets.UTF_8))
                .hasSizeLessThan(300);
    }
}
