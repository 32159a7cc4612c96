package mlxstack.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {

    private static final Map<String, String> LABELS = Map.of("tier", "model", "mlxstack.dev/engine", "mlx-lm");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | true",
                "tier=model | true",
                "tier==model | true",
                "tier=helper | false",
                "tier!=helper | true",
                "absent!=x | true",
                "tier | true",
                "absent | false",
                "!absent | true",
                "!tier | false",
                "tier in (helper, model) | true",
                "tier in (helper) | false",
                "tier notin (helper) | true",
                "absent notin (a,b) | true",
                "tier=model,mlxstack.dev/engine in (mlx-lm,ollama) | true",
                "tier=model,absent | false",
                "absent= | false"
            })
    void labels(String selector, boolean matches) {
        assertThat(LabelSelector.parse(selector).get().matches(LABELS)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tier in", "=x", "a b", "tier in (x", "tier~x", "tier=a b"})
    void whatCannotBeReadIsNamed(String selector) {
        var parsed = LabelSelector.parse(selector);
        assertThat(parsed.getLeft()).contains("unable to parse").contains("expected key=value");
    }

    @ParameterizedTest
    @CsvSource({"status.phase=Running", "nonsense", "involvedObject.kind=Process"})
    void fieldsThatAreNotServedAreRefused(String selector) {
        assertThat(FieldSelector.parse(selector, Kind.PROCESS).isLeft()).isTrue();
    }
}
