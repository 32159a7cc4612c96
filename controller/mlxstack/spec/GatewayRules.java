package mlxstack.spec;

/** The gateway is for this machine: what it serves costs memory and money, and its keys are not checked yet. */
final class GatewayRules {

    private GatewayRules() {}

    static void check(Cursor spec, Problems problems) {
        var at = spec.field("gateway").field("listen");
        var text = at.text();
        if (text == null) {
            return;
        }
        var listen = Listen.parse(text);
        if (listen == null) {
            problems.add(
                    at, "found %s; expected a host and a port, such as 127.0.0.1:4000".formatted(Found.quoted(text)));
        } else if (!listen.loopback()) {
            problems.add(
                    at,
                    "found host %s; expected a loopback address, such as 127.0.0.1:%d: the gateway serves this machine only"
                            .formatted(Found.quoted(listen.host()), listen.port()));
        }
    }
}
