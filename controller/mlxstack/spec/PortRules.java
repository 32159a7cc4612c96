package mlxstack.spec;

import mlxstack.spec.SemanticRules.Once;

/** A port is listened on by one of them only. */
final class PortRules {

    private PortRules() {}

    static void check(Cursor spec, Problems problems) {
        var ports = new Once();
        if (SemanticRules.hasGateway(spec)) {
            var gateway = spec.field("gateway");
            ports.earlier(GatewayReader.listen(gateway).port(), gateway.field("listen"));
        }
        for (var endpoint : spec.field("endpoints").items()) {
            unique(endpoint, endpoint.field("port"), ports, problems);
        }
        for (var process : spec.field("processes").items()) {
            for (var port : process.field("ports").items()) {
                unique(process, port, ports, problems);
            }
        }
    }

    private static void unique(Cursor owner, Cursor at, Once ports, Problems problems) {
        var port = at.integer();
        var first = port == null ? null : ports.earlier(port, at);
        boolean repeated = first != null && first.path().startsWith(owner.path() + ".");
        if (first == null || repeated) {
            return;
        }
        problems.add(
                at,
                "duplicate port %d; %s"
                        .formatted(
                                port,
                                first.path().equals("spec.gateway.listen")
                                        ? "the gateway listens on it" + (first.present() ? "" : " by default")
                                                + "; choose another, here or as spec.gateway.listen"
                                        : "it is already given in line " + first.line() + "; choose another"));
    }
}
