package mlxstack.daemon;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import mlxstack.proxy.LitellmHome;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Effect.EmitEvent;
import mlxstack.reconcile.Obstacle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what a LiteLLM reads when it starts, and says what it cannot do of what is asked. On the lane of its name. */
final class LitellmConfig {

    private static final Logger LOG = LoggerFactory.getLogger(LitellmConfig.class);

    private final LitellmHome home;
    private final GatewayConfig.Tell teller;
    private Map<String, Obstacle> missing = Map.of();
    private List<String> limits = List.of();

    LitellmConfig(LitellmHome home, GatewayConfig.Tell teller) {
        this.home = home;
        this.teller = teller;
    }

    /** Two of them may start at the same time. */
    synchronized void write(Effect.WriteLitellmConfig effect) {
        try {
            var written = home.write(effect);
            if (!written.missing().equals(missing)) {
                written.missing()
                        .forEach((who, why) -> teller.tell(
                                EmitEvent.Type.WARNING,
                                "SecretMissing",
                                "%s cannot be used by LiteLLM: %s; restart %s once it is there"
                                        .formatted(who, why.message(), effect.name())));
                missing = written.missing();
            }
            if (!written.limits().equals(limits)) {
                written.limits().forEach(limit -> teller.tell(EmitEvent.Type.WARNING, "LitellmCannot", limit));
                limits = written.limits();
            }
        } catch (IOException e) {
            LOG.warn("what {} is to read could not be written: {}", effect.name(), e.toString());
            teller.tell(EmitEvent.Type.WARNING, "LitellmConfigNotWritten", e.toString());
        }
    }
}
