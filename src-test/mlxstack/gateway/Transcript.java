package mlxstack.gateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import mlxstack.wire.Dialect;

/**
 * What a client and the gateway said to each other, fit to be kept: without keys, without what differs from run to run,
 * with long texts cut short, and of each answer the {@link Gist}.
 */
final class Transcript {

    /** Where recorded clients seem to have worked. */
    static final String PROJECT = "/home/user/project";

    private static final Set<String> HEADERS = Set.of(
            "accept",
            "anthropic-beta",
            "anthropic-version",
            "authorization",
            "content-type",
            "originator",
            "session-id",
            "user-agent",
            "x-api-key",
            "x-app",
            "x-claude-code-session-id",
            "x-session-affinity");

    /** Lengths to which texts are cut: those of a tool's description, and any other. */
    private static final int DESCRIPTION = 60;

    private static final int TEXT = 400;

    private static final Map<Pattern, String> VOLATILE = Map.of(
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "00000000-0000-4000-8000-000000000000",
            Pattern.compile("[0-9a-f]{64}"), "0".repeat(64),
            Pattern.compile("ses_[0-9a-zA-Z]+"), "ses_0",
            Pattern.compile("20[0-9]{2}-[01][0-9]-[0-3][0-9]"), "2026-01-01",
            Pattern.compile("[A-Z][a-z]{2} [A-Z][a-z]{2} [0-9]{2} 20[0-9]{2}"), "Thu Jan 01 2026",
            Pattern.compile("Linux [0-9][-._0-9a-zA-Z]*"), "Linux 6",
            Pattern.compile("cc_version=([0-9.]+)[.][0-9a-f]{3}"), "cc_version=$1.000");

    private Transcript() {}

    /** @param dir where the client ran, as {@link Agent#run} was told */
    static String of(String client, JsonArray exchanges, Path dir) {
        var kept = new JsonArray();
        for (Object each : exchanges) {
            var exchange = ((JsonObject) each).copy();
            var headers = new JsonObject();
            exchange.getJsonObject("headers").forEach(header -> {
                if (HEADERS.contains(header.getKey())) {
                    headers.put(header.getKey(), secretless(header.getKey(), (String) header.getValue()));
                }
            });
            exchange.put("headers", headers);
            if (exchange.getJsonObject("body") != null) {
                exchange.put("body", shortened("body", exchange.getJsonObject("body")));
            }
            exchange.put("answer", Gist.of(dialect(exchange), exchange.getString("answer")));
            kept.add(exchange);
        }
        String text = new JsonObject()
                .put("client", client)
                .put("exchanges", kept)
                .encodePrettily()
                .replace(dir.resolve("project").toString(), PROJECT)
                .replace(dir.resolve("home").toString(), "/home/user")
                .replace(dir.toString(), "/home");
        for (var each : VOLATILE.entrySet()) {
            text = each.getKey().matcher(text).replaceAll(each.getValue());
        }
        return text + "\n";
    }

    static Dialect dialect(JsonObject exchange) {
        return Dialect.of(exchange.getString("request").split("[ ?]")[1]);
    }

    private static String secretless(String header, String value) {
        return switch (header) {
            case "authorization" -> value.replaceFirst(" .*", " KEY");
            case "x-api-key" -> "KEY";
            default -> value;
        };
    }

    private static Object shortened(String name, Object value) {
        return switch (value) {
            case JsonObject object -> {
                var copy = new JsonObject();
                object.forEach(field -> copy.put(
                        field.getKey(), field.getValue() == null ? null : shortened(field.getKey(), field.getValue())));
                yield copy;
            }
            case JsonArray array -> {
                var copy = new JsonArray();
                array.forEach(each -> copy.add(each == null ? null : shortened(name, each)));
                yield copy;
            }
            case String text when name.equals("arguments") -> text;
            case String text -> cut(text, name.equals("description") ? DESCRIPTION : TEXT);
            default -> value;
        };
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length) + "…";
    }
}
