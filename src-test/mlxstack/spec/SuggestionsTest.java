package mlxstack.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionsTest {

    private static final List<String> KNOWN =
            List.of("port", "ports", "workingDirectory", "dependsOn", "env", "envFrom", "TERM", "primary");

    @ParameterizedTest
    @CsvSource({
        "prot, port",
        "working_directory, workingDirectory",
        "depends_on, dependsOn",
        "enviroment, ",
        "SIGTERM, TERM",
        "primray, primary",
        "PORTS, ports",
        "envfrom, envFrom",
        "x, ",
        "completelyElse, ",
        "evn, env"
    })
    void nearest(String found, String meant) {
        assertThat(Suggestions.nearest(found, KNOWN)).isEqualTo(meant);
    }

    @Test
    void distanceCountsSwapsOnceAndStopsAtTheLimit() {
        assertThat(Suggestions.distance("prot", "port", 3)).isEqualTo(1);
        assertThat(Suggestions.distance("kitten", "sitting", 3)).isEqualTo(3);
        assertThat(Suggestions.distance("kitten", "sitting", 2)).isEqualTo(3);
        assertThat(Suggestions.distance("", "abcdefgh", 3)).isEqualTo(4);
    }
}
