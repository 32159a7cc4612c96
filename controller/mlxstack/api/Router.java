package mlxstack.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds what an address means. Holds nothing that changes; called from many threads. */
final class Router {

    private final ControlPlane plane;
    private final ObjectRoutes objects;
    private final LogRoute logs;
    private final CliRoute cli;

    Router(ControlPlane plane, Changes changes, CliHandler handler) {
        this.plane = plane;
        this.objects = new ObjectRoutes(plane, changes);
        this.logs = new LogRoute(plane);
        this.cli = new CliRoute(handler);
    }

    void serve(Exchange exchange) throws InterruptedException {
        switch (exchange.path()) {
            case "/cli" -> cli.serve(exchange);
            case "/version" -> version(exchange);
            case "/livez", "/healthz" -> exchange.answer(200, "text/plain", "ok");
            case "/readyz" -> ready(exchange);
            default -> resource(exchange, segments(exchange.path()));
        }
    }

    private void ready(Exchange exchange) {
        if (plane.state().recovered()) {
            exchange.answer(200, "text/plain", "ok");
        } else {
            Refusal.unavailable("the daemon is still finding out what runs").answer(exchange);
        }
    }

    private void version(Exchange exchange) {
        var version = Json.object();
        version.put("major", "1").put("minor", "33");
        version.put("gitVersion", "v1.33.0+mlxstack." + plane.daemon().version());
        version.put("gitCommit", "").put("gitTreeState", "clean");
        version.put("buildDate", "1970-01-01T00:00:00Z").put("goVersion", "").put("compiler", "javac");
        // For clients that hand over from one daemon to another; kubectl does not mind.
        var daemon = plane.daemon();
        version.putObject("daemon")
                .put("pid", daemon.pid())
                .put("startedBy", daemon.startedBy().name().toLowerCase(Locale.ROOT))
                .put("startedAt", Json.time(daemon.startedAt()));
        version.put("platform", System.getProperty("os.name", "") + "/" + System.getProperty("os.arch", ""));
        exchange.answer(200, version);
    }

    private static List<String> segments(String path) {
        return Arrays.stream(path.split("/"))
                .filter(s -> !s.isEmpty())
                .map(s -> URLDecoder.decode(s.replace("+", "%2B"), StandardCharsets.UTF_8))
                .toList();
    }

    /** {@code /api/v1/…} and {@code /apis/GROUP/v1/…}, with or without {@code namespaces/NAMESPACE} in front. */
    private void resource(Exchange exchange, List<String> segments) throws InterruptedException {
        List<String> rest;
        String group;
        if (starts(segments, "api", "v1")) {
            group = "";
            rest = segments.subList(2, segments.size());
        } else if (segments.size() > 3
                && segments.getFirst().equals("apis")
                && segments.get(2).equals("v1")) {
            group = segments.get(1);
            rest = segments.subList(3, segments.size());
        } else {
            Refusal.unknownPath().answer(exchange);
            return;
        }
        String namespace = null;
        if (rest.size() > 2 && rest.getFirst().equals("namespaces")) {
            namespace = rest.get(1);
            rest = rest.subList(2, rest.size());
        }
        resource(exchange, group, namespace, rest);
    }

    private void resource(Exchange exchange, String group, @Nullable String namespace, List<String> rest)
            throws InterruptedException {
        Kind kind = rest.isEmpty() ? null : Kind.ofPath(group, rest.getFirst());
        if (kind != null && rest.size() <= 2) {
            objects.serve(exchange, kind, namespace, rest.size() == 2 ? rest.get(1) : null);
        } else if (group.isEmpty()
                && rest.size() == 3
                && rest.getFirst().equals("pods")
                && rest.get(2).equals("log")) {
            log(exchange, namespace, rest.get(1));
        } else {
            Refusal.unknownPath().answer(exchange);
        }
    }

    private void log(Exchange exchange, @Nullable String namespace, String name) throws InterruptedException {
        if (namespace == null) {
            Refusal.unknownPath().answer(exchange);
        } else if (!namespace.equals(Meta.NAMESPACE)) {
            Refusal.notFound("namespaces", namespace).answer(exchange);
        } else {
            logs.serve(exchange, name);
        }
    }

    private static boolean starts(List<String> segments, String... with) {
        return segments.size() > with.length && segments.subList(0, with.length).equals(List.of(with));
    }
}
