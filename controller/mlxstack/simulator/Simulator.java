package mlxstack.simulator;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ConcurrentHashMap;

/** Listens, and serves every connection on a thread of its own. */
final class Simulator implements AutoCloseable {

    private static final int BACKLOG = 128;

    private final ServerSocket server;
    private final Api api;
    private final Log log;
    private final ConcurrentHashMap<Socket, Boolean> connections = new ConcurrentHashMap<>();

    private Simulator(ServerSocket server, Api api, Log log) {
        this.server = server;
        this.api = api;
        this.log = log;
    }

    /** @throws IOException when the address cannot be listened on */
    static Simulator listen(Knobs knobs, Log log) throws IOException {
        var server = new ServerSocket();
        // An instance that was killed a moment ago leaves its port in a state that only this gets past.
        server.setReuseAddress(true);
        try {
            server.bind(
                    new InetSocketAddress(
                            InetAddress.getByName(knobs.text(Knob.HOST, "127.0.0.1")), knobs.count(Knob.PORT, 8080)),
                    BACKLOG);
        } catch (IOException e) {
            server.close();
            throw e;
        }
        var faults = new Faults(knobs, log);
        faults.start();
        return new Simulator(server, new Api(knobs, faults), log);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Serves until closed. */
    void run() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.put(socket, true);
                Thread.ofPlatform().daemon().name("connection").start(() -> serve(socket));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    log.line("could not accept: " + e.getMessage());
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (var wire = new Wire(socket)) {
            boolean more = true;
            while (more) {
                more = one(wire);
            }
        } catch (IOException e) {
            // The client is gone, which its request's line has said.
            return;
        } finally {
            connections.remove(socket);
        }
    }

    /** @return whether another request may follow */
    private boolean one(Wire wire) throws IOException {
        Request request;
        try {
            request = wire.read();
        } catch (BadRequest e) {
            new Answer(wire, false, false)
                    .error(e.status, "invalid_request_error", String.valueOf(e.getMessage()), null);
            return false;
        }
        if (request == null) {
            return false;
        }
        var answer = new Answer(wire, request.old(), request.keepAlive());
        long from = System.nanoTime();
        String outcome = "";
        try {
            api.serve(request, wire, answer);
        } catch (ClientGone e) {
            outcome = " client gone";
            throw e;
        } finally {
            // Health is asked for every few seconds by whoever supervises this.
            if (!request.path().equals("/health") || answer.status() != 200) {
                log.line(request.method() + " " + request.path() + " "
                        + (answer.status() == 0 ? "-" : answer.status()) + " "
                        + (System.nanoTime() - from) / 1_000_000 + "ms" + outcome);
            }
        }
        return answer.keepsAlive();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : connections.keySet()) {
            socket.close();
        }
    }
}
