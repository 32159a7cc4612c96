package mlxstack.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0s, 0",
        "1ns, 1",
        "1us, 1000",
        "1µs, 1000",
        "1ms, 1000000",
        "1.5s, 1500000000",
        "1m30s, 90000000000",
        "1h2m3s4ms, 3723004000000",
        "0.5ns, 0",
        "8760h, 31536000000000000"
    })
    void readsWhatGoReads(String text, long nanos) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofNanos(nanos));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s",
                "5",
                "-1s",
                "1 s",
                "1d",
                "1s ",
                ".5s",
                "1.s",
                "+1s",
                "1S",
                "8761h",
                "9999999999h",
                "1s\n"
            })
    void refusesWhatIsNone(String text) {
        assertThat(Durations.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"0, 0s", "90000000000, 1m30s", "600000000000, 10m", "1500000, 1ms500us", "3600000000001, 1h1ns"})
    void writesTheShortestText(long nanos, String text) {
        assertThat(Durations.render(Duration.ofNanos(nanos))).isEqualTo(text);
    }

    @Test
    void readsBackWhatItWrites() {
        var random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            var duration = Duration.ofNanos(random.nextLong(1L << (1 + random.nextInt(54))));
            assertThat(Durations.parse(Durations.render(duration))).isEqualTo(duration);
        }
    }
}
