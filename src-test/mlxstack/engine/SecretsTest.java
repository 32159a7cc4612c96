package mlxstack.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import mlxstack.reconcile.Obstacle;
import mlxstack.reconcile.Obstacle.SecretMissing;
import mlxstack.spec.EngineKind;
import mlxstack.spec.EnvValue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

    @TempDir
    Path root;

    Machine machine;

    @BeforeEach
    void machine() throws IOException {
        machine = new Machine(root);
        machine.program("tool", "#!/bin/sh\n");
    }

    private Wanted with(EnvValue secret) {
        return Wanted.engine(EngineKind.COMMAND).command("tool").env(Map.of("KEY", secret));
    }

    private Launch launch(Wanted wanted) {
        return machine.engines().resolve(wanted.named("a"), null).get();
    }

    private String refusal(Wanted wanted) {
        Obstacle obstacle = machine.engines().resolve(wanted.named("a"), null).getLeft();
        return obstacle.message().replace(root.toString(), "@");
    }

    private void envFile(String text, String mode) throws IOException {
        Path file = Files.writeString(machine.home.resolve("env"), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    @Test
    void theFileOfTheHomeComesFirstAndTheDaemonsEnvironmentSecond() throws IOException {
        machine.daemon.putAll(Map.of("A", "of the daemon", "B", "of the daemon"));
        envFile("# keys\n\nexport A=\"of the file\"\nB=\nC='x=y # z'\n", "rw-------");

        assertThat(launch(with(new EnvValue.FromEnv("A"))).env()).containsEntry("KEY", "of the file");
        assertThat(launch(with(new EnvValue.FromEnv("B"))).env()).containsEntry("KEY", "of the daemon");
        assertThat(launch(with(new EnvValue.FromEnv("C"))).env()).containsEntry("KEY", "x=y # z");
    }

    @Test
    void anUnsetOrEmptySecretIsMissingAndNeverAnEmptyValue() throws IOException {
        envFile("EMPTY=\n", "rw-------");
        Path empty = Files.writeString(root.resolve("empty"), "\n");

        assertThat(refusal(with(new EnvValue.FromEnv("EMPTY"))))
                .isEqualTo("secret EMPTY (looked for in @/home/env and in the daemon's environment) is not set");
        assertThat(refusal(with(new EnvValue.FromFile(empty.toString()))))
                .isEqualTo("secret file @/empty (it is empty) is not set");
        assertThat(refusal(with(new EnvValue.FromFile(root + "/none"))))
                .isEqualTo("secret file @/none (it cannot be read) is not set");
        assertThat(refusal(with(new EnvValue.FromKeychain("hub")))).isEqualTo("secret keychain item hub is not set");
        assertThat(machine.engines()
                        .resolve(with(new EnvValue.FromKeychain("hub")).named("a"), null)
                        .getLeft())
                .isInstanceOf(SecretMissing.class);
    }

    @Test
    void secretsComeFromFilesAndTheKeychain() throws IOException {
        Path file = Files.writeString(root.resolve("token"), "two\nlines\n");
        machine.keychain.put("hub", "of the keychain");

        assertThat(launch(with(new EnvValue.FromFile(file.toString()))).env()).containsEntry("KEY", "two\nlines");
        assertThat(launch(with(new EnvValue.FromKeychain("hub"))).env()).containsEntry("KEY", "of the keychain");
    }

    @Test
    void anEnvFileOthersCanReadIsNotUsed() throws IOException {
        envFile("A=secret-value\n", "rw-r--r--");

        assertThat(refusal(with(new EnvValue.FromEnv("A"))))
                .isEqualTo("@/home/env holds secrets and is open to other users; chmod 600 @/home/env");
    }

    @Test
    void valuesAreInNoMessageAndNoText() throws IOException {
        Path broken = Files.writeString(root.resolve("broken.env"), "A=1\nsecret-value without a name\n");
        machine.daemon.put("A", "secret-value");
        var launch = launch(with(new EnvValue.FromEnv("A")));

        assertThat(launch.toString()).contains("KEY").doesNotContain("secret-value");
        assertThat(refusal(Wanted.engine(EngineKind.COMMAND).command("tool").envFrom(broken.toString())))
                .isEqualTo("line 2 of @/broken.env is not NAME=value");
    }

    @Test
    void aChildsEnvironmentIsBuiltAndNotInherited() throws IOException {
        machine.daemon.putAll(Map.of(
                "USER", "ann", "LOGNAME", "ann", "LANG", "de_DE.UTF-8", "SHELL", "/bin/zsh", "VIRTUAL_ENV", "/venv"));
        Path more = Files.writeString(root.resolve("more.env"), "FROM=file\nKEY=file\n");

        var env = new HashMap<>(
                launch(with(new EnvValue.Text("spec")).envFrom(more.toString())).env());

        assertThat(env)
                .isEqualTo(Map.of(
                        "HOME", machine.userHome.toString(),
                        "USER", "ann",
                        "LOGNAME", "ann",
                        "LANG", "de_DE.UTF-8",
                        "TMPDIR", "/tmp",
                        "SHELL", "/bin/zsh",
                        "PATH", machine.bin + ":/usr/bin:/bin",
                        "FROM", "file",
                        "KEY", "spec"));
    }

    @Test
    void aFileOfVariablesThatIsNotThereIsAnObstacle() {
        assertThat(refusal(Wanted.engine(EngineKind.COMMAND).command("tool").envFrom(root + "/none.env")))
                .isEqualTo("@/none.env does not exist; expected lines of NAME=value");
    }
}
