package mlxstack.gateway;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class TrainingTest {

    @Test
    void servesItselfOnceAndEnds() {
        assertThatCode(Training::run).doesNotThrowAnyException();
    }
}
