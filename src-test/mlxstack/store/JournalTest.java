package mlxstack.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.Now;
import mlxstack.reconcile.Revision;
import mlxstack.reconcile.StackRecord;
import mlxstack.reconcile.State;
import mlxstack.spec.EngineKind;
import mlxstack.spec.EnvValue;
import mlxstack.spec.Probe;
import mlxstack.spec.Stack;
import mlxstack.spec.Template;
import mlxstack.spec.Workload;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    private static final State STATE = State.initial(new StackRecord("cafe", 1, Map.of(), null, null));

    @TempDir
    Path dir;

    private static Now at(long second) {
        return new Now(second * 1_000_000_000L, "boot", Instant.EPOCH.plusSeconds(second));
    }

    private static Event probe(String name, Event.Outcome outcome) {
        return new Event.ProbeResult(name, 7, Probe.Kind.READINESS, outcome, "");
    }

    private Journal open() {
        return new Journal(dir, "build", "life");
    }

    private String written() throws IOException {
        var text = new StringBuilder();
        for (Path file : Segments.in(dir)) {
            text.append(Files.readString(file));
        }
        return text.toString();
    }

    @Test
    void aSegmentIsItsStateAndThenOneLineAnEvent() throws IOException {
        try (Journal journal = open()) {
            journal.append(STATE, new Event.MemoryObserved(5), at(1), List.of(new Effect.CancelTimer("a")));
            journal.append(STATE, new Event.Resync(), new Now(3, "other", Instant.EPOCH), List.of());
        }
        Path segment = Segments.in(dir).getFirst();
        assertThat(segment.getFileName()).hasToString("00000001.jsonl");
        List<String> lines = Files.readAllLines(segment);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0))
                .startsWith(
                        "{\"@\":\"Head\",\"version\":1,\"build\":\"build\",\"life\":\"life\",\"bootId\":\"boot\",\"number\":1,"
                                + "\"lost\":0,\"state\":{\"stack\":{\"homeId\":\"cafe\"");
        assertThat(lines.get(1))
                .matches(
                        "\\{\"@\":\"Entry\",\"number\":1,\"awake\":1000000000,\"wall\":\"1970-01-01T00:00:01Z\",\"event\":"
                                + "\\{\"@\":\"MemoryObserved\",\"total\":5},\"effects\":\\[\"CancelTimer a [0-9a-f]{8}\"]}");
        assertThat(lines.get(2)).contains("\"bootId\":\"other\"", "\"event\":{\"@\":\"Resync\"}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(segment)))
                .isEqualTo("rw-------");
    }

    @Test
    void aProbeThatGoesWellAgainIsAFewBytes() throws IOException {
        int rounds = 1_000;
        try (Journal journal = open()) {
            for (int i = 0; i < rounds; i++) {
                for (String name : List.of("primary", "fast", "embeddings")) {
                    Now now = new Now(i * 10_000_123_456L, "boot", Instant.EPOCH.plusNanos(i * 10_000_123_999L));
                    journal.append(STATE, probe(name, Event.Outcome.SUCCESS), now, List.of());
                }
            }
        }
        assertThat(written().length() / (3 * rounds)).isLessThan(30);
        assertThat(written()).contains("\n[10000123456,543,0]\n");
    }

    @Test
    void aRepeatThatLeadsToSomethingIsWrittenInFull() throws IOException {
        try (Journal journal = open()) {
            journal.append(STATE, probe("a", Event.Outcome.FAILURE), at(1), List.of());
            journal.append(STATE, probe("a", Event.Outcome.FAILURE), at(2), List.of(new Effect.Forget("a")));
            journal.append(STATE, probe("a", Event.Outcome.FAILURE), at(3), List.of());
        }
        List<String> lines = Files.readAllLines(Segments.in(dir).getFirst());
        assertThat(lines.get(2)).contains("Forget a").contains("\"id\":0");
        assertThat(lines.get(3)).isEqualTo("[1000000000,0,0]");
    }

    @Test
    void allSegmentsTogetherStayWithinTheLimitAndTheOldestGo() throws IOException {
        long limit = 200_000;
        try (var journal = new Journal(dir, "build", "life", limit, 100_000)) {
            for (int i = 0; i < 20_000; i++) {
                journal.append(STATE, new Event.MemoryObserved(i), at(i), List.of());
            }
        }
        List<Path> files = Segments.in(dir);
        long total = 0;
        for (Path file : files) {
            total += Files.size(file);
        }
        assertThat(total).isLessThanOrEqualTo(limit).isGreaterThan(limit / 2);
        assertThat(files.size()).isBetween(5, 20);
        assertThat(files.getFirst().getFileName().toString()).isGreaterThan("00000050.jsonl");
        assertThat(Files.readString(files.getLast())).contains("\"number\":20000,");
    }

    @Test
    @DisplayName("a writer that lags never holds up the loop: what is lost is counted, said, and a new state follows")
    void laggingIsCounted() throws Exception {
        var held = new CountDownLatch(1);
        var reached = new CountDownLatch(1);
        try (var journal = new Journal(dir, "build", "life", Journal.LIMIT, 10)) {
            journal.append(STATE, new Event.MemoryObserved(1), at(1), List.of());
            journal.whenWritten(() -> {
                reached.countDown();
                awaitQuietly(held);
            });
            reached.await();
            for (int i = 2; i <= 101; i++) {
                journal.append(STATE, new Event.MemoryObserved(i), at(i), List.of());
            }
            assertThat(journal.lost()).isEqualTo(90);
            held.countDown();
            var caughtUp = new CountDownLatch(1);
            journal.whenWritten(caughtUp::countDown);
            caughtUp.await();
            journal.append(STATE, new Event.MemoryObserved(102), at(102), List.of());
        }
        List<Path> files = Segments.in(dir);
        assertThat(files).hasSize(2);
        assertThat(Files.readAllLines(files.get(0))).hasSize(12);
        assertThat(Files.readString(files.get(1))).contains("\"number\":102,\"lost\":90,");
        var report = Replay.replay(dir, (state, event, now) -> new mlxstack.reconcile.Step(state, List.of()));
        assertThat(report.identical()).isTrue();
        assertThat(report.lost()).isEqualTo(90);
        assertThat(report.events()).isEqualTo(12);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @DisplayName(
            "A09 a directory that cannot be written: said, tried again after 10 s, and a new segment tells what is missing")
    void a09NotWritable() throws Exception {
        Path later = dir.resolve("later");
        try (var journal = new Journal(later, "build", "life")) {
            journal.append(STATE, new Event.MemoryObserved(1), at(1), List.of());
            flush(journal);
            assertThat(journal.trouble()).contains("later");
            Files.createDirectory(later);
            journal.append(STATE, new Event.MemoryObserved(2), at(2), List.of());
            flush(journal);
            assertThat(Segments.in(later)).isEmpty();
            journal.append(STATE, new Event.MemoryObserved(3), at(11), List.of());
            flush(journal);
            assertThat(journal.trouble()).isNull();
            assertThat(journal.lost()).isEqualTo(2);
        }
        assertThat(Files.readString(Segments.in(later).getFirst())).contains("\"number\":3,\"lost\":2,");
    }

    private static void flush(Journal journal) throws InterruptedException {
        var done = new CountDownLatch(1);
        journal.whenWritten(done::countDown);
        done.await();
    }

    private static Template template(String model, List<String> args, Map<String, EnvValue> env) {
        return new Template(
                EngineKind.COMMAND,
                model,
                List.of("serve"),
                args,
                env,
                List.of(),
                null,
                null,
                List.of(),
                null,
                null,
                Map.of());
    }

    record Holder(Template template, Map<String, Object> free, Map<String, String> headers) {}

    @Test
    @DisplayName("what looks like a secret is replaced: by name of variable, header or option, and in addresses")
    void secretsWrittenAsTextAreRedacted() {
        var json = new Json(new Redaction());
        String text = json.text(new Holder(
                template(
                        "m",
                        List.of(
                                "--api-key",
                                "s1",
                                "--hf-token=s2",
                                "--port",
                                "80",
                                "--max-tokens",
                                "4096",
                                "--tokenizer",
                                "fast",
                                "--header",
                                "Authorization: Bearer s3",
                                "postgres://ada:s4@db/x",
                                "--token"),
                        Map.of(
                                "OPENAI_API_KEY", new EnvValue.Text("s5"),
                                "HFTOKEN", new EnvValue.Text("s6"),
                                "DB_PASSWORD", new EnvValue.Text("s7"),
                                "DATABASE_URL", new EnvValue.Text("https://s8@host/"),
                                "MODE", new EnvValue.Text("fast"),
                                "OTHER_KEY", new EnvValue.FromEnv("OPENAI_API_KEY"))),
                Map.of("list", List.of(Map.of("secret", "s9", "name", "hermes"))),
                Map.of("X-Api-Key", "s10", "Accept", "text/plain")));
        assertThat(text).doesNotContainPattern("\\bs[0-9]{1,2}\\b");
        assertThat(text)
                .contains(
                        "\"--api-key\",\"redacted-",
                        "\"--hf-token=redacted-",
                        "\"--port\",\"80\"",
                        "\"--max-tokens\",\"4096\",\"--tokenizer\",\"fast\"",
                        "\"MODE\":{\"@\":\"Text\",\"text\":\"fast\"}",
                        "{\"@\":\"FromEnv\",\"name\":\"OPENAI_API_KEY\"}",
                        "\"name\":\"hermes\"",
                        "text/plain");
    }

    @Test
    void equalSecretsStayEqualAndDifferentOnesDifferent() {
        var json = new Json(new Redaction());
        String one = json.text(template("m", List.of(), Map.of("A_KEY", new EnvValue.Text("x"))));
        String same = json.text(template("m", List.of(), Map.of("A_KEY", new EnvValue.Text("x"))));
        String other = json.text(template("m", List.of(), Map.of("A_KEY", new EnvValue.Text("y"))));
        assertThat(one).isEqualTo(same).isNotEqualTo(other);
        // What was redacted once is not redacted again: a replay writes what it read.
        var read = new Json()
                .read(one.getBytes(StandardCharsets.UTF_8), Template.class)
                .get();
        assertThat(new Json().text(read)).isEqualTo(one);
    }

    @Test
    @DisplayName("a secret that a reference stands for is in no record, so it is in no journal and no state file")
    void resolvedSecretsHaveNoPlaceInTheContract() throws IOException {
        String secret = System.getenv("PATH");
        var workload = Records.with(
                new RandomValues(3).of(Workload.class),
                "template",
                template("m", List.of(), Map.of("HF_TOKEN", new EnvValue.FromEnv("PATH"))));
        var stack = Records.with(new RandomValues(3).of(Stack.class), "workloads", List.of(workload));
        var accepted = new Event.SpecAccepted(new Revision(1, "d", Instant.EPOCH, null, "/x", stack));
        var spawn = new Effect.Spawn("a", 1, workload, 8000, "cafe/a/1/2", true);
        try (Journal journal = open()) {
            journal.append(STATE, accepted, at(1), List.of(spawn));
        }
        assertThat(written())
                .contains("Spawn a#1", "{\"@\":\"FromEnv\",\"name\":\"PATH\"}")
                .doesNotContain(secret);
        // All kinds of values that the contract can hold, by type: text, or a reference.
        assertThat(EnvValue.class.getPermittedSubclasses())
                .extracting(Class::getSimpleName)
                .containsExactlyInAnyOrder("Text", "FromEnv", "FromFile", "FromKeychain");
    }
}
