package mlxstack.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mlxstack.route.Backend;
import mlxstack.route.Backend.Availability;
import mlxstack.route.Price;
import mlxstack.route.Table;
import mlxstack.wire.Operation;
import org.jspecify.annotations.Nullable;

/** Reads {@code gateway.json}. Strict: a table that is half understood would send requests astray. Stateless. */
final class ConfigReader {

    private static final int VERSION = 1;
    private static final Pattern LOOPBACK = Pattern.compile("127([.][0-9]{1,3}){3}|::1|localhost");

    private ConfigReader() {}

    static Table read(byte[] bytes) throws BadConfig {
        try {
            return table(new JsonObject(Buffer.buffer(bytes)), digest(bytes));
        } catch (DecodeException e) {
            throw new BadConfig("found no JSON object: " + firstLine(e));
        }
    }

    private static Table table(JsonObject root, String digest) throws BadConfig {
        int version = number(root, "version", 0, Integer.MAX_VALUE);
        if (version != VERSION) {
            throw new BadConfig(
                    "found version %d, expected %d: written by another release".formatted(version, VERSION));
        }
        JsonObject listen = typed(root.getValue("listen"), JsonObject.class, "listen", "an object");
        String host = text(listen, "host");
        if (!LOOPBACK.matcher(host).matches()) {
            throw new BadConfig("found listen.host %s, expected a loopback address".formatted(host));
        }
        var endpoints = new ArrayList<Backend>();
        JsonArray list = list(root, "endpoints");
        for (int i = 0; i < list.size(); i++) {
            endpoints.add(endpoint(typed(list.getValue(i), JsonObject.class, "endpoints[" + i + "]", "an object")));
        }
        return Table.of(digest, host, number(listen, "port", 0, 65535), endpoints, List.of(), List.of(), null);
    }

    private static Backend endpoint(JsonObject at) throws BadConfig {
        return new Backend(
                text(at, "name"),
                models(at),
                URI.create("http://127.0.0.1:" + number(at, "port", 1, 65535)),
                at.containsKey("upstreamModel") ? text(at, "upstreamModel") : null,
                null,
                null,
                EnumSet.allOf(Operation.class),
                availability(text(at, "availability")),
                number(at, "retryAfterSeconds", 0, 3600),
                0,
                0,
                Duration.ZERO,
                null,
                Price.FREE);
    }

    private static List<String> models(JsonObject at) throws BadConfig {
        JsonArray list = list(at, "models");
        var models = new ArrayList<String>();
        for (int i = 0; i < list.size(); i++) {
            models.add(typed(list.getValue(i), String.class, "models[" + i + "]", "a text"));
        }
        return models;
    }

    private static Availability availability(String word) throws BadConfig {
        for (Availability availability : Availability.values()) {
            if (availability.word().equals(word)) {
                return availability;
            }
        }
        throw new BadConfig("found availability %s, expected one of %s"
                .formatted(
                        word,
                        Arrays.stream(Availability.values())
                                .map(Availability::word)
                                .collect(Collectors.joining(", "))));
    }

    private static String text(JsonObject at, String field) throws BadConfig {
        return typed(at.getValue(field), String.class, field, "a text");
    }

    private static JsonArray list(JsonObject at, String field) throws BadConfig {
        return typed(at.getValue(field), JsonArray.class, field, "a list");
    }

    private static int number(JsonObject at, String field, int least, int most) throws BadConfig {
        int number = typed(at.getValue(field), Integer.class, field, "a whole number");
        if (number < least || number > most) {
            throw new BadConfig("found %s %d, expected %d to %d".formatted(field, number, least, most));
        }
        return number;
    }

    private static <T> T typed(@Nullable Object value, Class<T> type, String what, String expected) throws BadConfig {
        if (value == null) {
            throw new BadConfig("found no %s, expected %s".formatted(what, expected));
        }
        if (!type.isInstance(value)) {
            throw new BadConfig("found %s that is not %s".formatted(what, expected));
        }
        return type.cast(value);
    }

    private static String firstLine(Exception e) {
        return Objects.toString(e.getMessage(), "").lines().findFirst().orElse("");
    }

    static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
