package mlxstack.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"a\":[1,2.5,-3,true,false,null],\"b\":{\"c\":\"d\"}}",
                "\"é 🙂 \\n\\t\\\\ \\\"\"",
                "\"\\u0001\"",
                "\"\\ud800\"",
                "-0.5",
            })
    void whatIsReadIsWrittenTheSame(String json) {
        assertThat(JsonText.of(JsonReader.read(json))).isEqualTo(json);
    }

    @Test
    void readsEscapesAndSpace() {
        assertThat(JsonReader.read(" { \"a\\u0041\" : [ ] , \"b\" : \"\\/\\b\\f\\r\" } "))
                .hasToString("{aA=[], b=/\b\f\r}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"a\"}",
                "{\"a\":}",
                "{a:1}",
                "[1,]",
                "[1 2]",
                "nul",
                "\"\\x\"",
                "\"\\u12\"",
                "\"a",
                "1 2",
                "--1",
                "\"\n\"",
            })
    void refusesWhatIsNotJson(String text) {
        assertThatThrownBy(() -> JsonReader.read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not JSON at character");
    }

    @Test
    void refusesDepthInsteadOfOverflowing() {
        assertThatThrownBy(() -> JsonReader.read("[".repeat(100_000))).hasMessageContaining("at most 200 levels");
    }
}
