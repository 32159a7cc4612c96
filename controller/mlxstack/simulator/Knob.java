package mlxstack.simulator;

import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Everything that can be set, by flag ({@code --token-delay 5ms}) or, where marked, for one request. */
enum Knob {
    HOST(Value.TEXT, false, "address to listen on (127.0.0.1)"),
    PORT(Value.COUNT, false, "port to listen on; 0 takes a free one (8080)"),
    MODEL(Value.TEXT, false, "name of the model it says it serves (simulator)"),
    CONTEXT_WINDOW(Value.COUNT, false, "tokens it says a prompt may have (4096)"),
    LOAD_TIME(Value.DURATION, false, "answers 503 for this long after the start"),
    NEVER_READY(Value.NONE, false, "answers 503 for ever"),
    TOKENS(Value.COUNT, true, "length of every answer in tokens (as long as the answer is)"),
    FIRST_TOKEN_DELAY(Value.DURATION, true, "pause before the first token"),
    TOKEN_DELAY(Value.DURATION, true, "pause before each further token"),
    CRASH_AT_START(Value.NONE, false, "ends before it listens"),
    CRASH_AFTER(Value.COUNT, false, "ends once this many model requests are answered"),
    EXIT_CODE(Value.COUNT, false, "exit code of all crashes (1)"),
    HANG(Value.NONE, true, "accepts and never answers, health included"),
    HANG_AFTER(Value.COUNT, false, "hangs once this many model requests are answered"),
    DIE_MID_STREAM_AFTER(Value.COUNT, true, "the process ends after this many tokens of an answer"),
    RESET_MID_STREAM_AFTER(Value.COUNT, true, "the connection is reset after this many tokens"),
    CUT_MID_STREAM_AFTER(Value.COUNT, true, "the connection is closed, politely and early, after this many tokens"),
    STATUS(Value.COUNT, true, "answers model requests with this status and an error"),
    RETRY_AFTER(Value.COUNT, true, "seconds in Retry-After, with --status"),
    CLOSE(Value.NONE, true, "closes the connection behind every answer, as mlx_lm.server does"),
    LEAK(Value.RATE, false, "memory to lose for ever, as in 10Mi/s"),
    IGNORE_TERM(Value.NONE, false, "SIGTERM does not end it");

    enum Value {
        NONE,
        TEXT,
        COUNT,
        DURATION,
        RATE
    }

    final Value value;
    /** Whether the header {@code X-Simulator} may set it. */
    final boolean perRequest;

    final String help;

    Knob(Value value, boolean perRequest, String help) {
        this.value = value;
        this.perRequest = perRequest;
        this.help = help;
    }

    boolean takesValue() {
        return value != Value.NONE;
    }

    /** As in {@code token-delay}. */
    String plainName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** As in {@code --token-delay}. */
    String flag() {
        return "--" + plainName();
    }

    static @Nullable Knob named(String plainName) {
        for (Knob knob : values()) {
            if (knob.plainName().equals(plainName)) {
                return knob;
            }
        }
        return null;
    }

    static String forRequests() {
        var names = new StringJoiner(", ");
        for (Knob knob : values()) {
            if (knob.perRequest) {
                names.add(knob.plainName());
            }
        }
        return names.toString();
    }
}
