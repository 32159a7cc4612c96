package mlxstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NearestTest {

    @Test
    void slipsAndBeginningsAreUnderstoodAndGuessesAreNotMade() {
        assertThat(Nearest.hint("gte", Stream.of("get", "wait", "up"))).isEqualTo("; did you mean \"get\"?");
        assertThat(Nearest.hint("desc", Stream.of("describe", "delete"))).isEqualTo("; did you mean \"describe\"?");
        assertThat(Nearest.hint("xyz", Stream.of("get", "up"))).isEmpty();
        assertThat(Nearest.hint("web", Stream.of("web-ui", "web-db"))).isEmpty();
    }
}
