package mlxstack.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Command lines as the thin client sends them. */
class CliRouteTest {

    @Test
    void everythingArrives() {
        var request = CliRoute.parse(
                "a=apply&a=-f&a=a+b.yaml&d=%2Fhome%2Fada&c=120&e=HOME%3D%2Fhome%2Fada&f=kind%3A+Stack%0A");
        assertThat(request.args()).containsExactly("apply", "-f", "a b.yaml");
        assertThat(request.directory()).isEqualTo("/home/ada");
        assertThat(request.columns()).isEqualTo(120);
        assertThat(request.environment()).containsEntry("HOME", "/home/ada");
        assertThat(request.file()).isEqualTo("kind: Stack\n");
    }

    @Test
    void anEmptyFileIsOneAllTheSame() {
        assertThat(CliRoute.parse("a=apply&a=-f&a=-&&d=%2F").file()).isEmpty();
        assertThat(CliRoute.parse("a=get&d=%2F").file()).isNull();
    }

    @Test
    void nobodyElsesFormsAreTaken() {
        assertThatThrownBy(() -> CliRoute.parse("x=1")).hasMessageContaining("unknown field in \"x=1\"");
    }
}
