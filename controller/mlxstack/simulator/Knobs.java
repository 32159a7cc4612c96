package mlxstack.simulator;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of the simulator: by flags for the whole process, and over them by the header {@code X-Simulator} for
 * one request. Immutable.
 */
final class Knobs {

    private final Map<Knob, String> values;

    Knobs(Map<Knob, String> values) {
        this.values = values.isEmpty() ? Map.of() : new EnumMap<>(values);
    }

    /** These, with those of the header value over them; {@code null} changes nothing. */
    Knobs with(@Nullable String header) {
        if (header == null || header.isBlank()) {
            return this;
        }
        var merged = new EnumMap<Knob, String>(Knob.class);
        merged.putAll(values);
        for (String part : header.split("[;,]")) {
            String text = part.strip();
            if (text.isEmpty()) {
                continue;
            }
            int equals = text.indexOf('=');
            String name = equals < 0 ? text : text.substring(0, equals).strip();
            Knob knob = Knob.named(name);
            if (knob == null || !knob.perRequest) {
                throw new BadKnob("X-Simulator: found \"%s\", expected some of %s".formatted(name, Knob.forRequests()));
            }
            String value = equals < 0 ? "" : text.substring(equals + 1).strip();
            if (knob.takesValue() == value.isEmpty()) {
                throw new BadKnob(
                        "X-Simulator: %s %s".formatted(name, knob.takesValue() ? "needs =VALUE" : "takes no value"));
            }
            merged.put(knob, value);
        }
        var result = new Knobs(merged);
        result.check();
        return result;
    }

    /** Reads every value once, so that a wrong one is told at the start and not in the middle of an answer. */
    void check() {
        for (Knob knob : values.keySet()) {
            switch (knob.value) {
                case DURATION -> duration(knob);
                case COUNT -> count(knob, 0);
                case RATE -> Amounts.rate(knob.flag(), values.getOrDefault(knob, ""));
                case TEXT, NONE -> {}
            }
        }
        if (count(Knob.PORT, 0) > 65_535) {
            throw new BadKnob("--port: found %s, expected 0 to 65535".formatted(values.get(Knob.PORT)));
        }
        if (count(Knob.EXIT_CODE, 1) > 255) {
            throw new BadKnob("--exit-code: found %s, expected 0 to 255".formatted(values.get(Knob.EXIT_CODE)));
        }
    }

    boolean has(Knob knob) {
        return values.containsKey(knob);
    }

    String text(Knob knob, String otherwise) {
        return values.getOrDefault(knob, otherwise);
    }

    int count(Knob knob, int otherwise) {
        String text = values.get(knob);
        return text == null ? otherwise : Amounts.count(knob.flag(), text);
    }

    /** Zero when it was not asked for. */
    Duration duration(Knob knob) {
        String text = values.get(knob);
        return text == null ? Duration.ZERO : Amounts.duration(knob.flag(), text);
    }

    /** Bytes a second; 0 when it was not asked for. */
    long rate(Knob knob) {
        String text = values.get(knob);
        return text == null ? 0 : Amounts.rate(knob.flag(), text);
    }
}
