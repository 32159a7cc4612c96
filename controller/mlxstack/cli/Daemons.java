package mlxstack.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mlxstack.api.DaemonInfo.StartedBy;
import mlxstack.store.Home;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The daemon of a home, seen from another process. */
interface Daemons {

    /** Who answers now; null when nobody does. */
    @Nullable
    Running running();

    /** Asks a daemon to end; what it supervises runs on. */
    void end(Running daemon);

    /** @param startedBy null when it does not tell */
    record Running(long pid, @Nullable StartedBy startedBy) {}

    /** Asks over the socket: the pid comes from the daemon itself, never from a file that may have outlived it. */
    record OfHome(Home home) implements Daemons {

        @Override
        public @Nullable Running running() {
            Path socket;
            try {
                socket = home.socket();
            } catch (IOException e) {
                return null;
            }
            if (!Files.exists(socket)) {
                return null;
            }
            return LocalCall.get(socket, "/version").fold(_ -> null, OfHome::read);
        }

        private static Running read(String body) {
            try {
                var daemon = JsonMapper.shared().readTree(body).path("daemon");
                String by = daemon.path("startedBy").asString("");
                for (StartedBy one : StartedBy.values()) {
                    if (one.name().equalsIgnoreCase(by)) {
                        return new Running(daemon.path("pid").asLong(0), one);
                    }
                }
            } catch (JacksonException e) {
                // Something answers, and says nothing of itself.
            }
            return new Running(0, null);
        }

        @Override
        public void end(Running daemon) {
            if (daemon.pid() > 0) {
                ProcessHandle.of(daemon.pid()).ifPresent(ProcessHandle::destroy);
            }
        }
    }
}
