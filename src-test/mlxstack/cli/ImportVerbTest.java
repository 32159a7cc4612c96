package mlxstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import mlxstack.api.TestingControlPlane;
import mlxstack.bench.Benchmarks;
import mlxstack.reconcile.Units;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportVerbTest {

    @TempDir
    private Path work;

    private Path home;
    private final TestingControlPlane plane = new TestingControlPlane(Units.state());
    private Terminal terminal = new Terminal(plane);

    @BeforeEach
    void homes() throws Exception {
        home = Files.createDirectory(work.resolve("home"));
        plane.root = home;
        terminal = terminal.environment(Map.of("HOME", work.toString(), "USER", "ada"));
        Path theirs = work.resolve(".mlx-stack");
        Files.createDirectories(theirs.resolve("stacks"));
        Files.createDirectories(theirs.resolve("benchmarks"));
        Files.writeString(theirs.resolve("stacks/default.yaml"), """
                schema_version: 1
                name: default
                tiers:
                - {name: standard, model: qwen3-8b, quant: int4, source: mlx-community/Qwen3-8B-4bit, port: 8000,
                   vllm_flags: {continuous_batching: true, tool_call_parser: hermes, enable_auto_tool_choice: true}}
                """);
        Files.writeString(theirs.resolve("config.yaml"), "openrouter-key: sk-secret\ndefault-quant: int8\n");
        Files.writeString(
                theirs.resolve("benchmarks/m4-pro-48.json"),
                "{\"qwen3-8b\": {\"quant\": \"int4\", \"prompt_tps\": 400, \"gen_tps\": 51, \"memory_gb\": 0.0}}");
    }

    @Test
    void aDryRunPrintsAndWritesNothing() throws Exception {
        terminal.run("import", "--dry-run");
        assertThat(terminal.code).as(terminal.err()).isZero();
        assertThat(terminal.out())
                .startsWith("# What mlx-stack ran on this machine; `mlxstackctl import` wrote it.\n")
                .contains(
                        "    - name: standard\n",
                        "port: 8000",
                        "args: [--continuous-batching, --tool-call-parser, hermes]");
        assertThat(terminal.out() + terminal.err()).doesNotContain("sk-secret");
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void everythingIsTakenOver() throws Exception {
        terminal.run("import");
        assertThat(terminal.code).as(terminal.err()).isZero();
        assertThat(terminal.out()).isEqualTo("""
                        wrote %1$s/stack.yaml
                        wrote its key for openrouter.ai into %1$s/env
                        wrote what it measured on m4-pro-48
                        """.formatted(home));
        assertThat(terminal.err()).startsWith("note: its fallback from each tier to the next never took effect");
        assertThat(home.resolve("env")).hasContent("OPENROUTER_API_KEY=sk-secret\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("env"))))
                .isEqualTo("rw-------");
        assertThat(Files.readString(home.resolve("settings.yaml"))).contains("default-quant: int8");
        assertThat(Benchmarks.read(home, "m4-pro-48").get().figures()).hasSize(1);
        assertThat(terminal.out() + terminal.err()).doesNotContain("sk-secret");
    }

    @Test
    void aFileThatIsThereIsNeverLost() throws Exception {
        Path file = home.resolve("stack.yaml");
        Files.writeString(file, "mine\n");
        terminal.run("import");
        assertThat(terminal.code).isEqualTo(1);
        assertThat(terminal.err()).startsWith("error: " + file + " is there already; --dry-run shows");
        assertThat(file).hasContent("mine\n");
        assertThat(home.resolve("env")).doesNotExist();
        terminal.run("import", "--force");
        assertThat(terminal.out()).startsWith("wrote " + file + "; what was there is " + file + ".before-import\n");
        assertThat(home.resolve("stack.yaml.before-import")).hasContent("mine\n");
        assertThat(Files.readString(file)).contains("name: standard");
        terminal.run("import", "--force");
        assertThat(home.resolve("stack.yaml.before-import")).hasContent("mine\n");
        assertThat(home.resolve("stack.yaml.before-import-2")).exists();
    }

    @Test
    void fromAndToElsewhere() throws Exception {
        terminal.run(
                "import",
                "--from",
                "~/.mlx-stack",
                "--to",
                work.resolve("dotfiles/stack.yaml").toString());
        assertThat(terminal.code).as(terminal.err()).isZero();
        assertThat(work.resolve("dotfiles/stack.yaml")).exists();
        assertThat(home.resolve("stack.yaml")).doesNotExist();
        terminal.run("import", "--from", "/nowhere");
        assertThat(terminal.err())
                .isEqualTo(
                        "error: /nowhere/stacks/default.yaml is not there; --from names another home of mlx-stack\n");
    }
}
