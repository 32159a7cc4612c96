package mlxstack.simulator;

import java.io.IOException;
import java.time.Duration;

/** The time tokens take, and the faults that strike among them. One per request, on its connection's thread. */
final class Pace {

    private final Knobs knobs;
    private final Faults faults;
    private final Wire wire;
    private final Duration tokenDelay;
    private int tokens;

    Pace(Knobs knobs, Faults faults, Wire wire) {
        this.knobs = knobs;
        this.faults = faults;
        this.wire = wire;
        this.tokenDelay = knobs.duration(Knob.TOKEN_DELAY);
    }

    /** Waits for what comes before the first token. */
    void first() throws IOException {
        wire.pause(knobs.duration(Knob.FIRST_TOKEN_DELAY));
    }

    /** Waits for the next token; throws {@link ClientGone} when the client has left or was cut off on purpose. */
    void next() throws IOException {
        if (reached(Knob.DIE_MID_STREAM_AFTER)) {
            faults.crash("die-mid-stream-after " + tokens);
        }
        if (reached(Knob.RESET_MID_STREAM_AFTER)) {
            wire.reset();
            throw new ClientGone();
        }
        if (reached(Knob.CUT_MID_STREAM_AFTER)) {
            wire.close();
            throw new ClientGone();
        }
        if (tokens > 0) {
            wire.pause(tokenDelay);
        }
        tokens++;
    }

    private boolean reached(Knob knob) {
        return knobs.has(knob) && tokens >= knobs.count(knob, 0);
    }
}
