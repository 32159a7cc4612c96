package mlxstack.upstream;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells the client of a stream, when nothing came for a while, that it is not forgotten: clients and what is between
 * take a silent connection for a dead one. One a request, event loop only.
 */
final class KeepAlive {

    private final Reply reply;
    private final long every;
    private long quietSince;

    KeepAlive(Reply reply, long everyMillis, long now) {
        this.reply = reply;
        this.every = TimeUnit.MILLISECONDS.toNanos(everyMillis);
        this.quietSince = now;
    }

    /** Whether it is time for it. */
    boolean isDue(long now) {
        if (reply.wrote()) {
            quietSince = now;
        }
        return now - quietSince >= every
                && reply.mayBeKeptWaiting()
                && !reply.response().writeQueueFull();
    }

    /** @param gap after what the client was sent: only between two frames is there room for another */
    void say(String words, @Nullable String gap, Labels labels, long now) {
        if (!reply.content() || "".equals(gap)) {
            reply.keepAlive(words, labels);
            quietSince = now;
        }
    }
}
