package mlxstack.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import mlxstack.api.CliHandler;
import mlxstack.api.DaemonInfo.StartedBy;
import mlxstack.process.Platform;
import org.jspecify.annotations.Nullable;

/** A daemon in this JVM, with a real home and real children. Its command line has no socket in between. */
final class Rig extends Testbed<Rig> {

    final CountDownLatch asked = new CountDownLatch(1);
    private Platform platform = Platform.current();
    private @Nullable Daemon daemon;

    @Override
    Rig self() {
        return this;
    }

    Settings settings() {
        return new Settings(
                home,
                platform,
                Map.of("PATH", "/usr/local/bin:/usr/bin:/bin"),
                dir,
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                "test",
                "test",
                StartedBy.TERMINAL);
    }

    /** What the next daemon takes for the kernel; the test itself always sees the real one. */
    Rig on(Platform kernel) {
        platform = kernel;
        return this;
    }

    @Override
    Rig start() {
        try {
            daemon = Daemon.start(settings(), asked::countDown);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    Rig end() {
        if (daemon != null) {
            daemon.close();
            daemon = null;
        }
        return this;
    }

    @Override
    Said ctl(String... args) {
        return ctlWith(null, args);
    }

    /** @param input what the client read from the file that {@code args} names */
    Said ctlWith(@Nullable String input, String... args) {
        var out = new Output();
        var running = Objects.requireNonNull(daemon, "start it first");
        try {
            var environment = Map.of("USER", "ada");
            int code = running.shell()
                    .run(new CliHandler.Request(List.of(args), dir.toString(), 0, environment, input), out);
            return new Said(code, out.out.toString(), out.err.toString());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Output implements CliHandler.Output {
        final StringBuilder out = new StringBuilder();
        final StringBuilder err = new StringBuilder();

        @Override
        public void out(String text) {
            out.append(text);
        }

        @Override
        public void out(byte[] bytes) {
            out.append(new String(bytes, StandardCharsets.UTF_8));
        }

        @Override
        public void err(String line) {
            err.append(line).append('\n');
        }

        @Override
        public void flush() {}

        @Override
        public void ask(String question) {
            err.append(question).append('\n');
        }
    }
}
