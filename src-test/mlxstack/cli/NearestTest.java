package mlxstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NearestTest {

    @Test
    void slipsAreForgivenAndGuessesAreNot() {
        assertThat(Nearest.of("gte", Stream.of("get", "wait", "up"))).containsExactly("get");
        assertThat(Nearest.of("primry", Stream.of("primary", "private"))).containsExactly("primary");
        assertThat(Nearest.of("desc", Stream.of("describe", "delete"))).containsExactly("describe");
        assertThat(Nearest.of("xyz", Stream.of("get", "up"))).isEmpty();
        assertThat(Nearest.hint(Nearest.of("web", Stream.of("web-ui", "webs"))))
                .isEqualTo("; did you mean \"web-ui\" or \"webs\"?");
    }
}
