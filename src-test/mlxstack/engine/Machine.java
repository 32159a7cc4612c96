package mlxstack.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A machine below one folder: a user's home, {@code $MLXSTACK_HOME}, and a bin folder on PATH that tests fill. */
final class Machine {

    final Path root;
    final Path userHome;
    final Path home;
    final Path bin;
    final Map<String, String> daemon = new HashMap<>();
    final Map<String, String> keychain = new HashMap<>();
    Duration helpTimeout = Duration.ofMinutes(1);

    Machine(Path root) throws IOException {
        this.root = root;
        userHome = Files.createDirectories(root.resolve("user"));
        home = Files.createDirectories(root.resolve("home"));
        bin = Files.createDirectories(root.resolve("bin"));
    }

    Engines engines() {
        var environment = new EngineEnvironment(
                home,
                userHome,
                Path.of("/jdk/bin/java"),
                root.resolve("lib").resolve("mlxstack.jar").toString(),
                bin + ":/usr/bin:/bin",
                daemon,
                helpTimeout);
        return new Engines(environment, item -> Optional.ofNullable(keychain.get(item)));
    }

    /** A program that only answers {@code --help}, and counts how often it was asked. */
    Path installed(String name, String help) throws IOException {
        return program(name, """
                #!/bin/sh
                echo asked >> '%s'
                cat <<'HELP'
                %s
                HELP
                """.formatted(asked(name), help));
    }

    Path program(String name, String script) throws IOException {
        Path file = bin.resolve(name);
        Files.writeString(file, script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    long timesAsked(String name) throws IOException {
        Path file = asked(name);
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    Path asked(String name) {
        return root.resolve(name + ".asked");
    }

    /** A folder that looks like a model to the mlx engines. */
    String mlxModel() throws IOException {
        Path folder = Files.createDirectories(root.resolve("Qwen3-8B-4bit"));
        Files.writeString(folder.resolve("config.json"), "{}");
        return folder.toString();
    }

    String gguf() throws IOException {
        return Files.writeString(root.resolve("tiny.gguf"), "GGUF").toString();
    }

    /** Command lines read the same wherever the test runs. */
    String shown(Launch launch) {
        return String.join(" ", launch.argv()).replace(root.toString(), "@");
    }
}
