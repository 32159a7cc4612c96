package mlxstack.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlagsTest {

    @Test
    void readsValuesBesideAndBehindAnEqualsSign() {
        var knobs = Flags.read("--port", "8001", "--load-time=1m30s", "--leak", "10Mi/s", "--hang");
        assertThat(knobs.count(Knob.PORT, 0)).isEqualTo(8001);
        assertThat(knobs.duration(Knob.LOAD_TIME)).isEqualTo(Duration.ofSeconds(90));
        assertThat(knobs.rate(Knob.LEAK)).isEqualTo(10L << 20);
        assertThat(knobs.has(Knob.HANG)).isTrue();
        assertThat(knobs.has(Knob.IGNORE_TERM)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"250ms,250", "2s,2000", "0,0", "1h,3600000", "1.5s,1500", "1m500ms,60500"})
    void readsDurations(String text, long millis) {
        assertThat(Amounts.duration("x", text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--tokn 5 | unknown argument \"--tokn\"; did you mean --token",
                "fast | unknown argument \"fast\"; --help lists them",
                "--tokens | --tokens needs a value: length of every answer",
                "--tokens many | --tokens: found \"many\", expected a whole number from 0 upward",
                "--tokens -1 | --tokens: found \"-1\", expected a whole number",
                "--load-time 2 | --load-time: found \"2\", expected a duration such as 250ms",
                "--load-time 2s5 | --load-time: found \"2s5\", expected a duration",
                "--leak fast | --leak: found \"fast\", expected bytes a second",
                "--hang=yes | --hang takes no value, found \"--hang=yes\"",
                "--port 1 --port 2 | --port is given twice",
                "--port 65536 | --port: found 65536, expected 0 to 65535",
                "--exit-code 256 | --exit-code: found 256, expected 0 to 255",
            })
    void saysWhatIsWrong(String line, String message) {
        assertThatThrownBy(() -> Flags.read(line.split(" ")))
                .isInstanceOf(BadKnob.class)
                .hasMessageContaining(message);
    }

    @Test
    void aRequestSetsKnobsOverThoseOfTheProcess() {
        var knobs = Flags.read("--tokens", "5", "--token-delay", "1s").with("tokens=7; reset-mid-stream-after=2, hang");
        assertThat(knobs.count(Knob.TOKENS, 0)).isEqualTo(7);
        assertThat(knobs.count(Knob.RESET_MID_STREAM_AFTER, 0)).isEqualTo(2);
        assertThat(knobs.has(Knob.HANG)).isTrue();
        assertThat(knobs.duration(Knob.TOKEN_DELAY)).isEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "port=1 | found \"port\", expected some of tokens, first-token-delay",
                "nonsense | found \"nonsense\"",
                "tokens | tokens needs =VALUE",
                "hang=1 | hang takes no value",
                "tokens=x | found \"x\", expected a whole number",
            })
    void aRequestSetsNothingElse(String header, String message) {
        var knobs = Flags.read();
        assertThatThrownBy(() -> knobs.with(header)).isInstanceOf(BadKnob.class).hasMessageContaining(message);
    }

    @Test
    void helpNamesEveryKnob() {
        for (Knob knob : Knob.values()) {
            assertThat(Flags.help()).contains(knob.flag() + " ");
        }
    }
}
