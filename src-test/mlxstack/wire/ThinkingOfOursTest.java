package mlxstack.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class ThinkingOfOursTest {

    @Test
    void onlyWhatWeSignedIsTakenOut() {
        byte[] body = ("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"mlxstack:\"},"
                        + "{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"a\",\"signature\":\"%s\"},{\"type\":\"text\",\"text\":\"b\"}]},"
                        + "{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"%s\"}]},"
                        + "{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"c\",\"signature\":\"EqQB\"}]}]}")
                .formatted(new Thinking(true, false).signature("a"), new Thinking(true, true).signature("x"))
                .getBytes(UTF_8);
        byte[] removed = Objects.requireNonNull(ThinkingOfOurs.removed(body, body.length, "up"));
        assertThat(new String(removed, UTF_8))
                .isEqualTo(
                        "{\"model\":\"up\",\"messages\":[{\"role\":\"user\",\"content\":\"mlxstack:\"},"
                                + "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"b\"}]},"
                                + "{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"c\",\"signature\":\"EqQB\"}]}]}");
        byte[] none = "{\"messages\":[{\"content\":\"say mlxstack: now\"}]}".getBytes(UTF_8);
        assertThat(ThinkingOfOurs.removed(none, none.length, "up")).isNull();
    }
}
