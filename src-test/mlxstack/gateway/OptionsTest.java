package mlxstack.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import mlxstack.gateway.GatewayMain.Options;
import org.junit.jupiter.api.Test;

class OptionsTest {

    @Test
    void readsWhatIsGiven() {
        var options = Options.read("--config", "/x/gateway.json", "--grace", "3", "--wait", "0");
        assertThat(options.config()).hasToString("/x/gateway.json");
        assertThat(options.grace()).isEqualTo(Duration.ofSeconds(3));
        assertThat(options.patience()).isZero();
    }

    @Test
    void saysWhatItExpects() {
        assertThatThrownBy(Options::read).hasMessage("expected --config FILE");
        assertThatThrownBy(() -> Options.read("--config")).hasMessage("--config needs a value");
        assertThatThrownBy(() -> Options.read("--config", "x", "--grace", "soon"))
                .hasMessage("found --grace soon; expected whole seconds");
        assertThatThrownBy(() -> Options.read("--port", "1")).hasMessageContaining("unknown argument \"--port\"");
    }
}
