package mlxstack.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What ends, or fails to end, the process. */
@Timeout(120)
class SimulatorIT {

    private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream\":true}";

    @TempDir
    Path dir;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void close() {
        client.close();
    }

    private HttpResponse<String> chat(SimulatorProcess simulator, String... header) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(simulator.url() + "/v1/chat/completions"))
                .POST(HttpRequest.BodyPublishers.ofString(CHAT));
        if (header.length > 0) {
            request.headers(header);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void crashesAfterSoManyAnswersWithTheGivenCode() throws Exception {
        try (var simulator = SimulatorProcess.start(dir, "sim", "--crash-after", "2", "--exit-code", "3")) {
            assertThat(chat(simulator).statusCode()).isEqualTo(200);
            assertThat(chat(simulator).body()).endsWith("[DONE]\n\n");
            assertThat(simulator.process().waitFor()).isEqualTo(3);
            assertThat(simulator.output())
                    .contains("simulator of sim listening on 127.0.0.1:")
                    .contains("POST /v1/chat/completions 200 ")
                    .contains("crashing as asked by --crash-after 2, exit code 3");
        }
    }

    @Test
    void diesInTheMiddleOfAStream() throws Exception {
        try (var simulator = SimulatorProcess.start(dir, "sim")) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> chat(simulator, "X-Simulator", "die-mid-stream-after=2; token-delay=20ms"));
            assertThat(simulator.process().waitFor()).isEqualTo(1);
        }
    }

    @Test
    void crashesBeforeItListens() throws Exception {
        try (var simulator = SimulatorProcess.launch(dir, "sim", List.of("--crash-at-start", "--exit-code=78"))) {
            assertThat(simulator.process().waitFor()).isEqualTo(78);
            assertThat(simulator.output()).doesNotContain("listening");
        }
    }

    @Test
    void endsByTermUnlessToldToIgnoreIt() throws Exception {
        try (var polite = SimulatorProcess.start(dir, "polite");
                var stubborn = SimulatorProcess.start(dir, "stubborn", "--ignore-term")) {
            polite.process().destroy();
            assertThat(polite.process().waitFor()).isEqualTo(143);
            stubborn.process().destroy();
            await().until(() -> stubborn.output().contains("ignoring the signal"));
            assertThat(chat(stubborn).statusCode()).isEqualTo(200);
            assertThat(stubborn.process().isAlive()).isTrue();
        }
    }

    @Test
    void saysWhatIsWrongWithItsCommandLine() throws Exception {
        try (var simulator = SimulatorProcess.launch(dir, "sim", List.of("--tokns", "3"))) {
            assertThat(simulator.process().waitFor()).isEqualTo(2);
            assertThat(simulator.output()).contains("simulator: unknown argument \"--tokns\"; did you mean --tokens?");
        }
    }

    @Test
    void saysThatItsPortIsTaken() throws Exception {
        try (var first = SimulatorProcess.start(dir, "first");
                var second = SimulatorProcess.launch(dir, "second", List.of("--port", "" + first.port()))) {
            assertThat(second.process().waitFor()).isEqualTo(1);
            assertThat(second.output()).contains("cannot listen on 127.0.0.1:" + first.port());
        }
    }

    @Test
    void growsAsFastAsItIsAskedTo() throws Exception {
        try (var simulator = SimulatorProcess.start(dir, "sim", "--leak", "100Mi/s")) {
            Path status = Path.of("/proc", String.valueOf(simulator.process().pid()), "status");
            long before = resident(status);
            await().atMost(60, TimeUnit.SECONDS).until(() -> resident(status) > before + (100 << 10));
        }
    }

    /** KiB. */
    private static long resident(Path status) throws IOException {
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
