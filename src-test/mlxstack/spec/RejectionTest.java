package mlxstack.spec;

import static mlxstack.spec.Parsing.problems;
import static mlxstack.spec.Parsing.spec;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

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
                        "10:5: spec.endpoints[1].model: missing field \"model\"; engine vllm-mlx needs a catalog id, a hub repository or a path",
                        "10:11: spec.endpoints[1].name: duplicate name \"a\"; it is already given in line 6 (endpoints and processes share their names)",
                        "12:12: spec.endpoints[1].args[0]: found the number 8080; expected text: write \"8080\"",
                        "17:13: spec.processes[0].ports[0]: duplicate port 4000; the gateway listens on it by default",
                        "19:14: spec.processes[1].command: found an empty list; expected a list of a program and its arguments, such as [sh, -c, \"echo hello\"]",
                        "20:24: spec.processes[1].dependsOn[0].name: dependency cycle: x → y → x; take one of these dependencies out",
                        "20:38: spec.processes[1].dependsOn[0].condition: found \"ready\"; expected one of Started, Ready, Completed, Succeeded; did you mean \"Ready\"?",
                        "20:53: spec.processes[1].dependsOn[1].name: there is no endpoint or process \"gatway\"; did you mean \"gateway\"?",
                        "21:29: spec.processes[1].terminationGracePeriod: found \"9999h\"; expected at most 8760h (a year)");
    }
}
