package mlxstack.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "6Gi, 6442450944",
        "500M, 500000000",
        "1.5Ki, 1536",
        "0.1Ki, 103",
        "1k, 1000",
        "2Ti, 2199023255552"
    })
    void readsWhatKubernetesReads(String text, long bytes) {
        assertThat(Quantities.bytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Gi", "-1", "1 Gi", "1gi", "1K", "1GiB", "1e3", "40%", "2000Pi", "999999999999999999P"})
    void refusesWhatIsNone(String text) {
        assertThat(Quantities.bytes(text)).isNull();
    }

    @Test
    void aShareIsPartOfTheWhole() {
        var share = Quantities.parse("37.5%");
        assertThat(share).isEqualTo(new Quantity.Percent(37.5));
        assertThat(new Quantity.Percent(37.5).bytes(1000)).isEqualTo(375);
        assertThat(Quantities.render(new Quantity.Percent(37.5))).isEqualTo("37.5%");
        assertThat(Quantities.parse("101%")).isNull();
        assertThat(Quantities.parse("100%")).isEqualTo(new Quantity.Percent(100));
    }

    @ParameterizedTest
    @CsvSource({"6442450944, 6Gi", "500000000, 500M", "1536, 1536", "1023, 1023", "0, 0", "52428800, 50Mi"})
    void writesTheShortestText(long bytes, String text) {
        assertThat(Quantities.render(bytes)).isEqualTo(text);
    }

    @Test
    void readsBackWhatItWrites() {
        var random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            long bytes = random.nextLong(1L << (1 + random.nextInt(59)));
            assertThat(Quantities.bytes(Quantities.render(bytes))).isEqualTo(bytes);
        }
    }
}
