package mlxstack.gateway;

import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * One line of JSON for each request that is over. Lines are made and written together, after the requests have been
 * answered, so that none waits for its line. Event loop only; once that has ended, whoever ended it.
 */
final class AccessLog {

    private static final long LINGER_MS = 200;
    /** Requests are held for their lines. */
    private static final int MOST = 64;

    private final Vertx vertx;
    private final OutputStream out;
    private final List<Seen> waiting = new ArrayList<>(MOST);
    private boolean cut;

    /** @param out is not closed; not buffered */
    AccessLog(Vertx vertx, OutputStream out) {
        this.vertx = vertx;
        this.out = out;
    }

    void add(Seen seen) {
        waiting.add(seen);
        if (waiting.size() == 1) {
            vertx.setTimer(LINGER_MS, _ -> flush());
        } else if (waiting.size() == MOST) {
            // Not from within: this one's answer may not be written yet, and its size is wanted.
            vertx.runOnContext(_ -> flush());
        }
    }

    /** Writes what there is. A full disk loses lines and nothing else. */
    void flush() {
        if (waiting.isEmpty()) {
            return;
        }
        var lines = new ByteArrayOutputStream(512 * waiting.size());
        if (cut) {
            lines.write('\n');
        }
        AccessLine.write(waiting, lines);
        waiting.clear();
        try {
            lines.writeTo(out);
            cut = false;
        } catch (IOException e) {
            cut = true;
        }
    }
}
