package mlxstack.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Keys of providers and clients, from the home's file of variables to the gateway, and to nowhere else. */
class GatewaySecretsIT {

    private static final String PROVIDER = "sk-or-a-secret-of-a-provider";
    private static final String CLIENT = "a-secret-of-a-client";

    private final Rig rig = new Rig();
    private final Path env = rig.home.root().resolve("env");
    private final Path config = rig.home.root().resolve("gateway.json");
    private final Path secrets = rig.home.root().resolve("gateway.secrets.json");

    @AfterEach
    void end() {
        rig.close();
    }

    private void env(String text) throws IOException {
        Path fresh = Files.writeString(env.resolveSibling("fresh"), text);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
        Files.move(fresh, env, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static int free() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private boolean says(Path file, String text) {
        try {
            return Files.exists(file) && Files.readString(file).contains(text);
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    @DisplayName(
            "a missing secret is told by its name, one that is set is taken up without a restart, and no file but one has it")
    void areTakenUpAndKept() throws IOException {
        env("OTHER=1\n");
        rig.stack("""
                providers:
                  - name: far
                    type: openai
                    baseUrl: https://far.invalid/v1
                    apiKey: {env: FAR_KEY}
                    models: [{name: premium, model: m, price: {input: "1", output: "2"}}]
                gateway:
                  listen: 127.0.0.1:%d
                  keys: [{name: hermes, secret: {env: HERMES_KEY}}]
                """.formatted(free())).start();
        rig.untilReady("gateway");
        rig.until(() -> rig.events("SecretMissing").size() == 2);
        assertThat(rig.events("SecretMissing").toString())
                .contains("provider far cannot be used: secret FAR_KEY")
                .contains("key hermes cannot be used: secret HERMES_KEY");
        assertThat(config).content().contains("\"availability\" : \"unavailable\"");
        assertThat(secrets).doesNotExist();
        long pid = rig.pid("gateway");

        env("FAR_KEY=%s\nHERMES_KEY=%s\n".formatted(PROVIDER, CLIENT));
        rig.until(() -> says(secrets, PROVIDER));
        rig.until(() -> says(config, "\"availability\" : \"ready\""));
        rig.until(() -> rig.events("SecretFound").size() == 2);
        assertThat(rig.pid("gateway")).as("no restart").isEqualTo(pid);
        assertThat(rig.ctl("get", "all", "-o", "yaml").out())
                .doesNotContain(PROVIDER)
                .doesNotContain(CLIENT);

        rig.end();
        assertThat(holding(PROVIDER)).containsExactlyInAnyOrder(env, secrets);
        assertThat(holding(CLIENT)).containsExactly(env);
    }

    private List<Path> holding(String secret) throws IOException {
        var found = new ArrayList<Path>();
        try (Stream<Path> files = Files.walk(rig.home.root())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1)
                        .contains(secret)) {
                    found.add(file);
                }
            }
        }
        return found;
    }
}
