package mlxstack.proxy;

import java.io.IOException;

/** Asks an HTTP server on this machine for one small text. */
@FunctionalInterface
public interface Fetch {

    /** One connection a call; at most two seconds and 64 KiB. Any thread. */
    Fetch PLAIN = new PlainFetch(2_000);

    /**
     * The body of the answer to a GET, whatever its status; may come with the answer's head before it.
     *
     * @param host a loopback address, without brackets, or {@code localhost}
     * @param path with its slash
     * @throws IOException when nobody answers, or too slowly
     */
    String get(String host, int port, String path) throws IOException;
}
