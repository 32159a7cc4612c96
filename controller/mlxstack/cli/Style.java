package mlxstack.cli;

import java.util.Map;
import mlxstack.api.View;

/** Colours, on terminals that want them. */
record Style(boolean colours) {

    static Style of(int columns, Map<String, String> environment) {
        boolean wanted = environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
        return new Style(columns > 0 && wanted);
    }

    String green(String text) {
        return painted(text, 32);
    }

    String yellow(String text) {
        return painted(text, 33);
    }

    String red(String text) {
        return painted(text, 31);
    }

    String dim(String text) {
        return painted(text, 2);
    }

    String bold(String text) {
        return painted(text, 1);
    }

    /** {@code text} in the colour of what it says. */
    String word(View.Word word, String text) {
        return switch (word) {
            case HEALTHY -> green(text);
            case STARTING, PENDING, DEGRADED -> yellow(text);
            case DOWN, CRASHED, FLAPPING, FAILED -> red(text);
            case STOPPED -> dim(text);
        };
    }

    private String painted(String text, int code) {
        return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
