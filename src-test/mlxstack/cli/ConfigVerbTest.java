package mlxstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import mlxstack.api.TestingControlPlane;
import mlxstack.reconcile.Units;
import mlxstack.setup.ConfigKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigVerbTest {

    @TempDir
    private Path home;

    private final TestingControlPlane plane = new TestingControlPlane(Units.state());
    private Terminal terminal = new Terminal(plane);

    @BeforeEach
    void home() {
        plane.root = home;
        terminal = terminal.environment(Map.of("TZ", "UTC", "HOME", home.toString(), "USER", "ada"));
    }

    private String run(String... args) throws InterruptedException {
        terminal.run(args);
        assertThat(terminal.err()).isEmpty();
        assertThat(terminal.code).isZero();
        return terminal.out();
    }

    @Test
    @DisplayName("9.3 CLI: get prints the value on standard output, and nothing else")
    void getIsForScripts() throws InterruptedException {
        assertThat(run("config", "get", "litellm-port")).isEqualTo("4000\n");
        assertThat(run("config", "set", "litellm-port", "4100"))
                .isEqualTo("litellm-port 4100 set in " + home.resolve("settings.yaml") + "\n");
        assertThat(run("config", "get", "litellm-port")).isEqualTo("4100\n");
        terminal.run("config", "get", "model-dir");
        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err()).isEqualTo("model-dir is not set\n");
        assertThat(terminal.code).isEqualTo(1);
    }

    @Test
    void listShowsAllEightAndWhereTheyAre() throws InterruptedException {
        run("config", "set", "default-quant", "int8");
        assertThat(run("config", "list")).isEqualTo("""
                KEY                 VALUE   SOURCE
                openrouter-key      -       default
                default-quant       int8    %s
                memory-budget-pct   -       default
                litellm-port        4000    default
                model-dir           -       default
                auto-health-check   true    default
                log-max-size-mb     50      default
                log-max-files       5       default
                """.formatted(home.resolve("settings.yaml")));
        assertThat(run("config", "list", "-ojson")).contains("\"key\": \"default-quant\"", "\"value\": \"int8\"");
        assertThat(ConfigKey.values()).hasSize(8);
    }

    @Test
    void aKeyIsReadFromStandardInputAndNeverShown() throws Exception {
        var set =
                new ConfigVerb.Set(() -> new ByteArrayInputStream("sk-secret\nmore".getBytes(StandardCharsets.UTF_8)));
        set.word = "openrouter-key";
        set.value = "-";
        var output = new Terminal(plane);
        var request = new mlxstack.api.CliHandler.Request(java.util.List.of(), "/", 0, Map.of(), null);
        var session = new Session(request, output, plane, new mlxstack.api.Changes(plane, 1, 1), Style.of(0, Map.of()));
        assertThat(set.run(session)).isZero();
        assertThat(output.out())
                .isEqualTo("openrouter-key set in " + home.resolve("env") + ", as OPENROUTER_API_KEY\n");
        assertThat(Files.readString(home.resolve("env"))).isEqualTo("OPENROUTER_API_KEY=sk-secret\n");
        assertThat(run("config", "get", "openrouter-key")).isEqualTo("****\n");
        assertThat(run("config", "list"))
                .contains("openrouter-key      ****    ")
                .doesNotContain("sk-secret");
    }

    @Test
    void resetAsksFirst() throws InterruptedException {
        run("config", "set", "default-quant", "int8");
        terminal.run("config", "reset");
        assertThat(terminal.code).isEqualTo(1);
        assertThat(terminal.err()).contains("--yes");
        assertThat(run("config", "reset", "--force")).isEqualTo("reset in " + home.resolve("settings.yaml") + "\n");
        assertThat(run("config", "reset", "--yes")).isEqualTo("nothing was set\n");
    }

    @Test
    void whatIsTypedWrong() throws InterruptedException {
        terminal.run("config", "set", "litelm-port", "1");
        assertThat(terminal.err())
                .startsWith("error: no setting is called \"litelm-port\"; did you mean \"litellm-port\"?; there are: ");
        terminal.run("config", "set", "litellm-port", "x");
        assertThat(terminal.err()).isEqualTo("error: litellm-port is a port from 1 to 65535; found \"x\"\n");
        terminal.run("config");
        assertThat(terminal.code).isEqualTo(1);
        assertThat(terminal.out()).contains("Commands:", "get ", "set ", "list ", "reset ");
    }

    /** Who reads each key is tested where it is read; these two here. */
    @Test
    void recommendGoesByTheBudgetAndPullByTheFolder() throws InterruptedException {
        run("config", "set", "memory-budget-pct", "50");
        run("config", "set", "model-dir", "models");
        var request = new mlxstack.api.CliHandler.Request(
                java.util.List.of(), home.toString(), 0, Map.of("HOME", home.toString()), null);
        var session =
                new Session(request, terminal, plane, new mlxstack.api.Changes(plane, 1, 1), Style.of(0, Map.of()));
        assertThat(Configured.budget(session)).isEqualTo(new mlxstack.spec.Quantity.Percent(50));
        assertThat(Configured.environment(session)).containsEntry("HF_HUB_CACHE", "/home/ada/work/models");
        assertThat(OnDisk.of(session).get().settings().cache()).isEqualTo(Path.of("/home/ada/work/models"));
    }
}
