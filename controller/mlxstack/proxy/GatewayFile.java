package mlxstack.proxy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import mlxstack.reconcile.Effect;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The gateway's configuration file. Replaced whole, mode 0600, without secrets; a table that makes the same bytes is
 * not written again, so that the file's age says when something changed. Used by one thread at a time.
 */
public final class GatewayFile {

    /** Of the format; a gateway refuses one it does not know. */
    private static final int VERSION = 1;

    private static final Set<StandardOpenOption> WRITE =
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);

    private final Path file;
    private final Function<Workload, @Nullable String> upstreamModel;

    /**
     * @param file absolute; its directory exists
     * @param upstreamModel what a workload's server calls its model; null when it takes any name
     */
    public GatewayFile(Path file, Function<Workload, @Nullable String> upstreamModel) {
        this.file = file;
        this.upstreamModel = upstreamModel;
    }

    /**
     * Makes the file say {@code table}.
     *
     * @return the digest of its bytes, which the gateway reports once it serves them
     */
    public String write(Effect.WriteGatewayConfig table) throws IOException {
        byte[] content = content(table);
        if (!Arrays.equals(content, present())) {
            var fresh = file.resolveSibling("." + file.getFileName() + ".tmp");
            // What an earlier attempt left might have other people's rights.
            Files.deleteIfExists(fresh);
            try (var channel = FileChannel.open(
                    fresh, WRITE, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                var buffer = ByteBuffer.wrap(content);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                // Without it a power cut may leave an empty file under the final name.
                channel.force(false);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return digest(content);
    }

    /** Digest of what the file says now; null when it is not there. */
    public @Nullable String digest() throws IOException {
        byte[] bytes = present();
        return bytes == null ? null : digest(bytes);
    }

    private byte @Nullable [] present() throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private byte[] content(Effect.WriteGatewayConfig table) {
        var root = JsonNodeFactory.instance.objectNode().put("version", VERSION);
        root.putObject("listen")
                .put("host", table.gateway().host())
                .put("port", table.gateway().port());
        var endpoints = root.putArray("endpoints");
        for (Effect.Backend backend : table.backends()) {
            var endpoint = endpoints.addObject().put("name", backend.endpoint());
            var models = endpoint.putArray("models");
            backend.models().forEach(models::add);
            endpoint.put("port", backend.port());
            var upstream = upstreamModel.apply(backend.workload());
            if (upstream != null) {
                endpoint.put("upstreamModel", upstream);
            }
            endpoint.put("availability", backend.availability().name().toLowerCase(Locale.ROOT))
                    .put("retryAfterSeconds", backend.retryAfterSeconds());
        }
        return (root.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** SHA-256 in lower-case hex. */
    static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
