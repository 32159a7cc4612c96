package mlxstack.bench;

import java.time.Duration;
import java.util.List;

/**
 * What is asked of a server.
 *
 * @param promptTokens about how long a prompt is
 * @param maxTokens of one answer
 * @param warmups requests before the first one that counts
 * @param runs requests of each client
 * @param clients how many ask at the same time, one figure after the other
 * @param atMost for one request
 */
public record Load(int promptTokens, int maxTokens, int warmups, int runs, List<Integer> clients, Duration atMost) {

    public static final Load DEFAULT = new Load(1024, 128, 1, 5, List.of(1), Duration.ofMinutes(5));

    public Load {
        clients = List.copyOf(clients);
    }
}
