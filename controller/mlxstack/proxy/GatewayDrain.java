package mlxstack.proxy;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Waits for the gateway's requests at one endpoint to end, before that is stopped. The gateway has to know by then that
 * it gets no new ones: the question itself makes it look at its file. Immutable; any thread.
 */
public final class GatewayDrain {

    private static final Duration FIRST = Duration.ofMillis(10);
    private static final Duration SLOWEST = Duration.ofMillis(250);
    /** Questions without an answer, after which it is taken to have none to give. */
    private static final int PATIENCE = 3;

    private static final Pattern BUSY = Pattern.compile("\"busy\"\\s*:\\s*\\{([^}]*)}");

    private final Fetch fetch;

    /** @param fetch how the gateway is asked */
    public GatewayDrain(Fetch fetch) {
        this.fetch = fetch;
    }

    /**
     * Returns when no request is there any more, when the gateway is not there itself, or after {@code most}.
     *
     * @param host of the gateway, without brackets
     */
    public void await(String host, int port, String endpoint, Duration most) throws InterruptedException {
        long until = System.nanoTime() + most.toNanos();
        var wait = FIRST;
        int silent = 0;
        while (silent < PATIENCE) {
            try {
                if (!isBusy(fetch.get(host, port, "/health"), endpoint)) {
                    return;
                }
                silent = 0;
            } catch (ConnectException e) {
                return;
            } catch (IOException e) {
                silent++;
            }
            long left = until - System.nanoTime();
            if (left <= 0) {
                return;
            }
            Thread.sleep(Duration.ofNanos(Math.min(left, wait.toNanos())));
            wait = wait.multipliedBy(2).compareTo(SLOWEST) > 0 ? SLOWEST : wait.multipliedBy(2);
        }
    }

    private static boolean isBusy(String health, String endpoint) {
        var busy = BUSY.matcher(health);
        return busy.find() && busy.group(1).contains("\"" + endpoint + "\"");
    }
}
