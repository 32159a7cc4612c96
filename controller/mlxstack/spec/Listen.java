package mlxstack.spec;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where the gateway listens: a loopback host, without brackets, and a port. */
record Listen(String host, int port) {

    private static final Pattern ADDRESS =
            Pattern.compile("(\\[[0-9a-fA-F:.]{2,45}]|[A-Za-z0-9.-]{1,253}):([0-9]{1,5})");
    private static final Pattern LOOPBACK =
            Pattern.compile("127([.](25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])){3}|::1|localhost");

    /** Null if it is no address with a port from 1 to 65535. */
    static @Nullable Listen parse(String text) {
        var matcher = ADDRESS.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        int port = Integer.parseInt(matcher.group(2));
        var host = matcher.group(1);
        return port < 1 || port > 65535
                ? null
                : new Listen(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
    }

    boolean loopback() {
        return LOOPBACK.matcher(host).matches();
    }

    static String render(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
