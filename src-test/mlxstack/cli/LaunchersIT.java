package mlxstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both launchers, in a checkout made for the test whose daemon is a few lines long. */
class LaunchersIT {

    /** Answers every request with what it was started with. */
    private static final String DAEMON = """
            package mlxstack.daemon;
            import java.io.*; import java.net.*; import java.nio.*; import java.nio.channels.*; import java.nio.file.*;
            public class Main {
                public static void main(String[] args) throws Exception {
                    Path home = Path.of(System.getenv("MLXSTACK_HOME"));
                    if (args.length > 0 && args[0].equals("--train")) {
                        return;
                    }
                    Files.writeString(home.resolve("pid"), Long.toString(ProcessHandle.current().pid()));
                    if (Files.exists(home.resolve("fail"))) {
                        System.err.println("the stub cannot start");
                        System.exit(1);
                    }
                    var vm = java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments();
                    Files.writeString(home.resolve("vm"), String.join("\\n", vm) + "\\n"
                            + System.getenv("MALLOC_ARENA_MAX") + "\\n" + System.getProperty("java.class.path"));
                    var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                    server.bind(UnixDomainSocketAddress.of(home.resolve("mlxstackd.sock")));
                    while (true) {
                        try (var c = server.accept()) {
                            var in = ByteBuffer.allocate(65536);
                            c.read(in);
                            String body = "started\\n";
                            c.write(ByteBuffer.wrap(("HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n8\\r\\n"
                                    + body + "\\r\\n0\\r\\nMlxstack-Exit: 5\\r\\n\\r\\n").getBytes()));
                        }
                    }
                }
            }
            """;

    private static final String ALONE = """
            package mlxstack.cli;
            public class Main {
                public static void main(String[] args) {
                    System.out.println("alone " + String.join("|", args));
                    if (args.length > 0 && args[0].equals("install")) {
                        System.out.println(System.getenv("MLXSTACK_LIB") + " " + System.getProperty("java.class.path"));
                    }
                    System.exit(3);
                }
            }
            """;

    @TempDir
    private Path work;

    private Path checkout;
    private Path home;

    @BeforeEach
    void prepare() throws Exception {
        home = Files.createTempDirectory(Path.of("/tmp"), "mlx");
        checkout = Files.createDirectories(work.resolve("my checkout"));
        Path bin = Files.createDirectories(checkout.resolve("bin"));
        for (String name : List.of("mlxstackctl", "mlxstackd")) {
            Files.copy(Path.of("bin", name), bin.resolve(name), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
        Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        jar(work.resolve("stub.jar"));
        Path tools = Files.createDirectories(work.resolve("tools"));
        Path mvn = tools.resolve("mvn");
        Files.writeString(mvn, """
                #!/bin/sh
                echo "$*" >> "%1$s/mvn.log"
                [ -f "%1$s/broken" ] && { echo "[ERROR] no such symbol"; exit 1; }
                mkdir -p "%2$s/target" && cp "%1$s/stub.jar" "%2$s/target/mlxstack.jar"
                """.formatted(work, checkout));
        Files.setPosixFilePermissions(mvn, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void jar(Path to) throws IOException {
        Path classes = Files.createDirectories(work.resolve("classes"));
        Path daemon = Files.writeString(
                Files.createDirectories(work.resolve("src/mlxstack/daemon")).resolve("Main.java"), DAEMON);
        Path alone = Files.writeString(
                Files.createDirectories(work.resolve("src/mlxstack/cli")).resolve("Main.java"), ALONE);
        int code = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", classes.toString(), daemon.toString(), alone.toString());
        assertThat(code).isZero();
        try (OutputStream out = Files.newOutputStream(to);
                var jar = new JarOutputStream(out);
                Stream<Path> all = Files.walk(classes)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                jar.write(Files.readAllBytes(file));
            }
        }
    }

    @AfterEach
    void end() throws Exception {
        Path pid = home.resolve("pid");
        if (Files.exists(pid)) {
            var daemon = ProcessHandle.of(Long.parseLong(Files.readString(pid)));
            daemon.ifPresent(ProcessHandle::destroyForcibly);
            daemon.ifPresent(d -> d.onExit().orTimeout(20, TimeUnit.SECONDS).join());
        }
        try (Stream<Path> all = Files.walk(home)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private record Ran(int code, String out, String err) {}

    private Ran run(Path program, String... args) throws Exception {
        var command = new ArrayList<>(List.of(program.toString()));
        command.addAll(Arrays.asList(args));
        var builder = new ProcessBuilder(command).directory(work.toFile());
        builder.environment().put("MLXSTACK_HOME", home.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("PATH", work.resolve("tools") + ":" + System.getenv("PATH"));
        Path err = work.resolve("err");
        var process = builder.redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), out, Files.readString(err));
    }

    private Path ctl() {
        return checkout.resolve("bin/mlxstackctl");
    }

    @Test
    void upBuildsStartsAndHandsOver() throws Exception {
        Ran up = run(ctl(), "up");
        assertThat(up.out()).as(up.err()).isEqualTo("started\n");
        assertThat(up.code()).isEqualTo(5);
        assertThat(up.err())
                .isEqualTo("building mlxstack in " + checkout.toRealPath()
                        + " (on first use only, about a minute)\npreparing a quick start\n");
        Path lib;
        try (Stream<Path> libs = Files.list(home.resolve("lib"))) {
            lib = libs.findFirst().orElseThrow();
        }
        assertThat(lib.getFileName().toString()).matches("[0-9a-f]{12}");
        List<String> files;
        try (Stream<Path> all = Files.list(lib)) {
            files = all.map(p -> p.getFileName().toString()).sorted().toList();
        }
        assertThat(files).hasSize(4).contains("mlxstack.jar", "mlxstackctl", "mlxstackd");
        assertThat(files.getFirst()).matches("mlxstack-[0-9]+\\.aot");
        List<String> vm = Files.readAllLines(home.resolve("vm"));
        assertThat(vm)
                .contains("-Xmx64m", "-XX:+UseSerialGC", "-XX:AOTCache=" + lib.resolve(files.getFirst()))
                .endsWith("2", lib.resolve("mlxstack.jar").toString());
        assertThat(Files.getPosixFilePermissions(home.resolve("lib")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(home.resolve("logs/mlxstackd.err")).isEmptyFile();

        // It runs on from the home whatever becomes of the checkout, and is not built again.
        assertThat(run(ctl(), "get").out()).isEqualTo("started\n");
        assertThat(run(lib.resolve("mlxstackctl"), "get").out()).isEqualTo("started\n");
        assertThat(Files.readAllLines(work.resolve("mvn.log"))).hasSize(1);
    }

    @Test
    void aChangedCheckoutIsBuiltAgain() throws Exception {
        assertThat(run(ctl(), "version").code()).isEqualTo(3);
        assertThat(run(ctl(), "version").out()).isEqualTo("alone version\n");
        assertThat(Files.readAllLines(work.resolve("mvn.log"))).hasSize(1);
        Path source = Files.createDirectories(checkout.resolve("controller")).resolve("New.java");
        Files.writeString(source, "");
        Files.setLastModifiedTime(
                source,
                java.nio.file.attribute.FileTime.fromMillis(
                        Files.getLastModifiedTime(checkout.resolve("target/mlxstack.jar"))
                                        .toMillis()
                                + 5_000));
        Ran again = run(ctl(), "doctor", "a b");
        assertThat(again.out()).isEqualTo("alone doctor|a b\n");
        assertThat(again.err()).startsWith("building mlxstack in ");
    }

    @Test
    void aBrokenBuildShowsWhyAndStartsNothing() throws Exception {
        Files.writeString(work.resolve("broken"), "");
        Ran up = run(ctl(), "up");
        assertThat(up.code()).isEqualTo(1);
        assertThat(up.err()).contains("[ERROR] no such symbol").contains("the build failed; all of it is in ");
        assertThat(home.resolve("lib")).doesNotExist();
    }

    @Test
    void aDaemonThatDoesNotStartSaysWhy() throws Exception {
        Files.writeString(home.resolve("fail"), "");
        Ran up = run(ctl(), "up");
        assertThat(up.code()).isEqualTo(1);
        assertThat(up.err()).contains("the stub cannot start\n").contains("error: mlxstackd did not start;");
    }

    @Test
    void installPreparesWhatItInstallsAndRunsFromThere() throws Exception {
        Ran status = run(ctl(), "install", "--status");
        Path lib = Path.of(status.out().lines().toList().get(1).split(" ", 2)[0]);
        assertThat(lib.getParent()).isEqualTo(home.resolve("lib"));
        assertThat(lib).as("asking changes nothing").doesNotExist();

        Ran install = run(ctl(), "install");
        assertThat(install.out())
                .as(install.err())
                .isEqualTo("alone install\n" + lib + " " + lib.resolve("mlxstack.jar") + "\n");
        assertThat(lib.resolve("mlxstackd")).isExecutable();
        try (Stream<Path> all = Files.list(lib)) {
            assertThat(all.map(p -> p.getFileName().toString()).filter(n -> n.endsWith(".aot")))
                    .hasSize(1);
        }
        assertThat(run(lib.resolve("mlxstackctl"), "install").out()).isEqualTo(install.out());
    }

    @Test
    void aChangedLauncherIsAnotherBuild() throws Exception {
        String before = run(ctl(), "install", "--status").out();
        Files.writeString(checkout.resolve("bin/mlxstackd"), "# changed\n", java.nio.file.StandardOpenOption.APPEND);
        assertThat(run(ctl(), "install", "--status").out()).isNotEqualTo(before);
    }

    @Test
    void aHelpOrAnUnknownVerbNeedsNoDaemon() throws Exception {
        assertThat(run(ctl(), "get", "--help").out()).isEqualTo("alone get|--help\n");
        assertThat(run(ctl()).out()).isEqualTo("alone \n");
        assertThat(run(ctl(), "gte").out()).isEqualTo("alone gte\n");
        assertThat(run(ctl(), "get").err())
                .isEqualTo("error: mlxstackd is not running; start it with `mlxstackctl up`\n");
    }
}
