package mlxstack.daemon;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mlxstack.api.CliHandler;
import mlxstack.engine.EngineEnvironment;
import mlxstack.process.Platform;
import mlxstack.store.Home;

/**
 * One short life of a daemon in a home of its own, so that the JVM can keep the classes a start needs. Everything a
 * usual day uses is used once; what it prints is thrown away.
 */
final class Training {

    private static final String STACK = """
            apiVersion: mlxstack.dev/v1
            kind: Stack
            metadata: {name: training}
            spec:
              endpoints:
                - {name: model, engine: simulator}
              gateway: {listen: "127.0.0.1:PORT"}
              processes:
                - {name: helper, command: [sleep, "600"]}
            """;

    /** What an editor adds. */
    private static final String MORE = "    - {name: more, command: [sleep, \"600\"]}\n";

    private static final List<List<String>> DAY = List.of(
            List.of("wait", "process", "model", "gateway", "--for=create", "--timeout=60s"),
            List.of("wait", "process", "model", "gateway", "--for=condition=Ready", "--timeout=60s"),
            List.of("get"),
            List.of("get", "-o", "json"),
            List.of("get", "endpoints"),
            List.of("describe", "model"),
            List.of("status"),
            List.of("events"),
            List.of("logs", "helper", "--tail=1"),
            List.of("diff"),
            List.of("why", "model"),
            List.of("restart", "helper"),
            List.of("stop", "helper"));

    /** So often {@link #AT_ONCE} requests: fewer leave thin profiles, and more make the first start longer and nothing faster. */
    private static final int PRACTICE = 40;

    private static final int AT_ONCE = 25;

    /** Requests that are the only ones of their connections, on both sides of the gateway. */
    private static final int NEWCOMERS = 500;

    private Training() {}

    static int run(Home home, Map<String, String> environment) throws IOException, InterruptedException {
        var platform = Platform.current();
        platform.becomeParent();
        home.create();
        DaemonLog.to(home.logs().resolve("mlxstackd.log"));
        int port = freePort();
        Files.writeString(home.stackFile(), STACK.replace("PORT", String.valueOf(port)));
        var trained = new HashMap<>(environment);
        trained.put(EngineEnvironment.TRAINING, "");
        int worst = 0;
        try (var daemon = Daemon.start(Settings.here(home, platform, trained), () -> {})) {
            try {
                for (List<String> args : DAY) {
                    worst = Math.max(worst, run(daemon, home, args));
                }
                Files.writeString(home.stackFile(), STACK.replace("PORT", String.valueOf(port)) + MORE);
                worst = Math.max(worst, run(daemon, home, List.of("wait", "process", "more", "--for=create")));
                exchange(
                        SocketChannel.open(UnixDomainSocketAddress.of(home.socket())),
                        request("GET /readyz HTTP/1.1", "", true));
                exchange(
                        SocketChannel.open(UnixDomainSocketAddress.of(home.socket())),
                        request("POST /cli HTTP/1.1", "a=get", true));
                for (int i = 0; i < PRACTICE; i++) {
                    chats(port, AT_ONCE, "");
                }
                for (int i = 0; i < NEWCOMERS; i++) {
                    chats(port, 1, "; close");
                }
            } finally {
                // Whatever went wrong, nothing is left running.
                worst = Math.max(worst, run(daemon, home, List.of("down")));
            }
        }
        return worst;
    }

    private static int run(Daemon daemon, Home home, List<String> args) throws InterruptedException {
        return daemon.shell()
                .run(new CliHandler.Request(args, home.root().toString(), 80, Map.of(), null), new Nowhere());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * Asked one behind the other on one connection, the first and every second one after it for a stream.
     *
     * @param more knobs of the simulator
     */
    private static void chats(int port, int count, String more) throws IOException {
        var requests = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            requests.append(request(
                    "POST /v1/chat/completions HTTP/1.1\r\nX-Simulator: tokens=10; token-delay=0ms" + more,
                    "{\"model\":\"model\",\"stream\":" + (i % 2 == 1)
                            + ",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}",
                    i == count));
        }
        exchange(
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)), requests.toString());
    }

    private static String request(String what, String body, boolean last) {
        return what + "\r\nHost: 127.0.0.1\r\nConnection: " + (last ? "close" : "keep-alive")
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static void exchange(SocketChannel to, String request) throws IOException {
        try (to) {
            to.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            while (to.read(ByteBuffer.allocate(1024)) >= 0) {
                // Until the server has said everything.
            }
        }
    }

    private static final class Nowhere implements CliHandler.Output {

        @Override
        public void out(String text) {}

        @Override
        public void out(byte[] bytes) {}

        @Override
        public void err(String line) {
            System.err.println(line);
        }

        @Override
        public void flush() {}

        @Override
        public void ask(String question) {
            System.err.println(question);
        }
    }
}
