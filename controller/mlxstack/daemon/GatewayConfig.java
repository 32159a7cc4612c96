package mlxstack.daemon;

import java.io.IOException;
import java.util.function.Consumer;
import mlxstack.proxy.GatewayFile;
import mlxstack.proxy.GatewayObserver;
import mlxstack.reconcile.Effect;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what the gateway is told, and sees that it takes it up. On the gateway's lane. */
final class GatewayConfig {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayConfig.class);

    private final GatewayFile file;
    private final GatewayObserver observer;
    private final Consumer<String> failed;

    /** @param failed told why the file could not be written; the gateway goes on with what it has */
    GatewayConfig(GatewayFile file, GatewayObserver observer, Consumer<String> failed) {
        this.file = file;
        this.observer = observer;
        this.failed = failed;
    }

    void write(Effect.WriteGatewayConfig table) {
        try {
            String digest = file.write(table);
            observer.expect(table.gateway().host(), table.gateway().port(), digest);
        } catch (IOException e) {
            LOG.warn("the gateway's configuration could not be written: {}", e.toString());
            failed.accept(e.toString());
        }
    }
}
