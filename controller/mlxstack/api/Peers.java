package mlxstack.api;

import io.netty.channel.socket.nio.NioChannelOption;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.VertxConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether the process at the other end of a Unix socket runs as our user. The socket's directory lets nobody else
 * in; this is the second lock on the same door.
 */
record Peers(UserPrincipal us) {

    /** @param directory one that belongs to our user */
    static Peers ownerOf(Path directory) {
        try {
            return new Peers(Files.getOwner(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** True also where the platform does not say who it is. */
    boolean isOurs(HttpConnection connection) {
        String name = nameOf(connection);
        return name == null || name.equals(us.getName()) || name.equals("root");
    }

    /** The user at the other end; null where the platform does not say. */
    static @Nullable String nameOf(HttpConnection connection) {
        if (!(connection instanceof VertxConnection inner)) {
            return null;
        }
        var peer = inner.channel().config().getOption(NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED));
        return peer == null ? null : peer.user().getName();
    }
}
