package mlxstack.daemon;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import mlxstack.api.CliHandler;
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
              processes:
                - {name: helper, command: [sleep, "600"]}
              gateway: {engine: none}
            """;

    private static final List<List<String>> DAY = List.of(
            List.of("wait", "--for=condition=Ready", "--all", "--timeout=60s"),
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
            List.of("stop", "helper"),
            List.of("down"));

    private Training() {}

    static int run(Home home, Map<String, String> environment) throws IOException, InterruptedException {
        var platform = Platform.current();
        platform.becomeParent();
        home.create();
        DaemonLog.to(home.logs().resolve("mlxstackd.log"));
        Files.writeString(home.stackFile(), STACK);
        int worst = 0;
        try (var daemon = Daemon.start(Settings.here(home, platform, environment), () -> {})) {
            ask(home);
            for (List<String> args : DAY) {
                int code = daemon.shell()
                        .run(new CliHandler.Request(args, home.root().toString(), 80, Map.of(), null), new Nowhere());
                worst = Math.max(worst, code);
            }
        }
        return worst;
    }

    private static void ask(Home home) throws IOException {
        try (var socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.connect(UnixDomainSocketAddress.of(home.socket()));
            var request = "GET /readyz HTTP/1.1\r\nHost: mlxstack\r\nConnection: close\r\n\r\n";
            socket.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            while (socket.read(ByteBuffer.allocate(1024)) >= 0) {
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
