package mlxstack.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real servers and clients, installed on first use. A test that cannot have one fails. */
public final class Peers {

    private Peers() {}

    /** The PATH under which {@code llama-server} is found. */
    public static String llamaServer() {
        return path("llama-server");
    }

    /** The PATH under which {@code mlx_lm.server} is found. */
    public static String mlxLm() {
        return path("mlx-lm");
    }

    /** The folder of the client {@code peer}. */
    public static Path client(String peer) {
        return install(peer).resolveSibling(peer);
    }

    /** The PATH under which {@code litellm} is found. */
    public static String litellm() {
        return path("litellm");
    }

    private static String path(String peer) {
        return install(peer) + ":/usr/local/bin:/usr/bin:/bin";
    }

    /** @return the folder with what can be started */
    private static Path install(String peer) {
        try {
            var installer = new ProcessBuilder(List.of("sh", "src-test/peers/install.sh", peer))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var printed =
                    new String(installer.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (!installer.waitFor(10, TimeUnit.MINUTES) || installer.exitValue() != 0) {
                installer.destroyForcibly();
                throw new AssertionError("src-test/peers/install.sh " + peer + " failed; run it to see why");
            }
            var bin = printed.strip().lines().reduce((_, last) -> last).orElse("");
            return Path.of(bin);
        } catch (IOException e) {
            throw new AssertionError("src-test/peers/install.sh cannot be run; tests run in the project's folder", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
