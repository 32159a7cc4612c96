package mlxstack.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import mlxstack.process.HaltingPlatform;
import mlxstack.store.Home;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written down is not there, not whole, or cannot be written: no process is lost or started twice. */
class DamageIT {

    private static final String TWO = """
            processes:
              - {name: a, command: [sleep, "1000"], restart: {backoff: {initial: 20ms}}, flapping: {restarts: 0}}
              - {name: b, command: [sleep, "1000"]}
            gateway: {engine: none}
            """;

    private final ForkedRig rig = new ForkedRig();

    @AfterEach
    void end() {
        rig.close();
    }

    /** What may happen to a file. */
    enum Harm {
        TRUNCATED {
            @Override
            byte[] of(byte[] whole) {
                return java.util.Arrays.copyOf(whole, whole.length / 2);
            }
        },
        EMPTY {
            @Override
            byte[] of(byte[] whole) {
                return new byte[0];
            }
        },
        GARBAGE {
            @Override
            byte[] of(byte[] whole) {
                byte[] garbage = new byte[whole.length];
                new java.util.Random(42).nextBytes(garbage);
                return garbage;
            }
        },
        OTHER_VERSION {
            @Override
            byte[] of(byte[] whole) {
                return new String(whole, StandardCharsets.ISO_8859_1)
                        .replaceFirst("(Record) \\d+", "$1 99")
                        .getBytes(StandardCharsets.ISO_8859_1);
            }
        };

        abstract byte[] of(byte[] whole);

        void to(Path file) {
            try {
                byte[] whole = Files.readAllBytes(file);
                byte[] harmed = of(whole);
                assertThat(java.util.Arrays.equals(harmed, whole)).isFalse();
                Files.write(file, harmed);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static List<Path> files(Path dir) {
        try (Stream<Path> all = Files.walk(dir)) {
            return all.filter(Files::isRegularFile)
                    .filter(f -> f.getFileName().toString().matches(".*\\.json(\\.[12])?"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long sequence(Path file) {
        try {
            String[] head = Files.readAllLines(file, StandardCharsets.ISO_8859_1)
                    .getFirst()
                    .split(" ");
            return Long.parseLong(head[3].replace("s", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> copies(Home home, String name) {
        return files(home.units()).stream()
                .filter(f -> f.getFileName().toString().startsWith(name + ".json"))
                .toList();
    }

    @ParameterizedTest(name = "A07 killed {0} the first spawn: none or one process, found and adopted, never two")
    @ValueSource(strings = {"before", "after"})
    void a07KilledAroundTheSpawn(String when) {
        rig.stack("""
                processes: [{name: a, command: [sleep, "1000"]}]
                gateway: {engine: none}
                """);
        var first = rig.launch(HaltingDaemon.class, "-Dhalt=" + when);
        rig.until(() -> !first.isAlive());
        assertThat(first.exitValue()).as(rig::said).isEqualTo(HaltingPlatform.CODE);
        assertThat(new Notes(rig.home).of("a").intended()).isTrue();
        assertThat(new Notes(rig.home).of("a").identity()).isNull();
        var left = rig.leaders("a");
        assertThat(left).hasSize(when.equals("before") ? 0 : 1);
        rig.start().untilReady("a");
        assertThat(rig.leaders("a")).containsExactly(rig.pid("a"));
        assertThat(rig.restarts("a")).isZero();
        if (!left.isEmpty()) {
            assertThat(rig.pid("a")).isEqualTo(left.getFirst());
            assertThat(rig.launch("a")).isEqualTo(1);
            assertThat(rig.events("Adopted")).hasSize(1);
        }
        rig.restart().untilReady("a");
        assertThat(rig.leaders("a")).containsExactly(rig.pid("a"));
    }

    @ParameterizedTest(name = "A08 the latest copy of each record is {0}: an earlier one and the nonce find everything")
    @EnumSource(Harm.class)
    void a08LatestCopyDamaged(Harm harm) {
        rig.stack(TWO).start().untilReady("a", "b");
        rig.ok("restart", "a");
        rig.until(() -> rig.launch("a") == 2 && rig.isReady("a"));
        rig.ok("stop", "b");
        rig.untilWord("b", "Stopped");
        long pid = rig.pid("a");
        rig.kill9();
        harm.to(copies(rig.home, "a").stream()
                .max(Comparator.comparingLong(DamageIT::sequence))
                .orElseThrow());
        rig.start().untilReady("a");
        assertThat(rig.pid("a")).isEqualTo(pid);
        assertThat(rig.leaders("a")).containsExactly(pid);
        assertThat(rig.word("b")).isEqualTo("Stopped");
        assertThat(rig.events("StateDamaged")).hasSize(1);
        rig.restart().untilReady("a");
        assertThat(rig.pid("a")).isEqualTo(pid);
    }

    @ParameterizedTest(name = "A08 each copy of each record is {0}: nothing is killed, nothing started twice")
    @EnumSource(Harm.class)
    void a08EverythingDamaged(Harm harm) {
        rig.stack(TWO).start().untilReady("a", "b");
        long a = rig.pid("a");
        long b = rig.pid("b");
        rig.kill9();
        files(rig.home.state()).forEach(harm::to);
        adopted(a, b);
        assertThat(rig.events("StateDamaged")).isNotEmpty();
    }

    @Test
    @DisplayName("A08 the records of the processes are damaged, or the stack's, in all copies: the others suffice")
    void a08OneKindDamaged() {
        rig.stack(TWO).start().untilReady("a", "b");
        long a = rig.pid("a");
        long b = rig.pid("b");
        rig.kill9();
        files(rig.home.units()).forEach(Harm.GARBAGE::to);
        adopted(a, b);
        rig.kill9();
        files(rig.home.state()).stream()
                .filter(f -> !f.startsWith(rig.home.units()))
                .forEach(Harm.GARBAGE::to);
        adopted(a, b);
    }

    private void adopted(long a, long b) {
        rig.start();
        rig.untilReadyAs("a", a);
        rig.untilReadyAs("b", b);
    }
}
