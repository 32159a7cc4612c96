package mlxstack.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {

    @ParameterizedTest
    @CsvSource({
        "-5, 0s",
        "0, 0s",
        "119, 119s",
        "120, 2m",
        "150, 2m30s",
        "599, 9m59s",
        "600, 10m",
        "10799, 179m",
        "10800, 3h",
        "12000, 3h20m",
        "28800, 8h",
        "172799, 47h",
        "172800, 2d",
        "190800, 2d5h",
        "691199, 7d23h",
        "691200, 8d",
        "62985600, 729d",
        "63072000, 2y",
        "63936000, 2y10d",
        "252288000, 8y",
        "300000000, 9y"
    })
    void agesHaveTwoUnitsAtMost(long seconds, String text) {
        assertThat(Ages.human(Duration.ofSeconds(seconds))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1023, 1023",
        "1024, 1Ki",
        "536870912, 512Mi",
        "6442450944, 6Gi",
        "5905580032, 5.5Gi",
        "161061273600, 150Gi"
    })
    void bytesAreBinary(long bytes, String text) {
        assertThat(Bytes.text(bytes)).isEqualTo(text);
    }

    @Test
    void storedTextCannotMoveACursor() {
        assertThat(Plain.line("plain é 日本 🚀")).isEqualTo("plain é 日本 🚀");
        assertThat(Plain.line("a\u001b[31mred\u001b[0m b\rc\nd\te")).isEqualTo("ared b c d e");
        assertThat(Plain.line("x\u001b]0;title\u0007y\u001b]8;;http://evil\u001b\\z"))
                .isEqualTo("xyz");
        assertThat(Plain.line("\u009b31m\u0000\u007f\u202egpj")).isEqualTo("31mgpj");
        assertThat(Plain.line("cut \u001b[")).isEqualTo("cut ");
        assertThat(Plain.line("cut \u001b")).isEqualTo("cut ");
    }
}
