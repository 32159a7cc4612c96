package mlxstack.upstream;

import io.vertx.core.buffer.Buffer;
import mlxstack.upstream.Fault.Kind;
import mlxstack.wire.BadAnswer;
import mlxstack.wire.Frame;
import mlxstack.wire.Operation;
import mlxstack.wire.Progress;
import mlxstack.wire.SseReader;
import mlxstack.wire.Translation;
import mlxstack.wire.Usage;
import org.jspecify.annotations.Nullable;

/**
 * A stream of server-sent events. Held back until there is content in it, for until then another backend may take over;
 * from there on passed on as it comes, as it is or translated.
 */
final class EventRelay extends Relay {

    /** What is held at most; more is passed on, whatever it is. */
    private static final int HELD = 256 * 1024;

    private final SseReader reader = new SseReader();
    private final SseReader.Sink sink = this::frame;
    /** Null of what nobody knows the events of. */
    private final @Nullable Progress progress;

    private final @Nullable Translation translation;
    private final Frames passed = new Frames();
    /** Until there is content. */
    private final Held held = new Held();
    /** Of the bytes at hand. */
    private final Held translated = new Held();

    private boolean begun;
    /** Of the bytes at hand: whether there was more in them than comments. */
    private boolean events;

    private boolean between = true;
    private boolean saidItself;
    private long pieces;

    EventRelay(Attempt attempt, @Nullable Translation translation) {
        super(attempt);
        this.translation = translation;
        this.progress = progress(translation == null ? attempt.asked() : translation.operation());
    }

    private static @Nullable Progress progress(Operation operation) {
        return switch (operation) {
            case CHAT_COMPLETIONS, COMPLETIONS, RESPONSES, MESSAGES -> Progress.of(operation.dialect());
            case EMBEDDINGS, COUNT_TOKENS, RERANK, OTHER -> null;
        };
    }

    @Override
    void bytes(Buffer bytes) {
        events = false;
        boolean whole = between;
        try {
            byte[] array = bytes.getBytes();
            reader.read(array, 0, array.length, sink);
        } catch (BadAnswer e) {
            malformed(e);
            return;
        }
        between = reader.isBetweenFrames();
        if (failed(bytes)) {
            return;
        }
        // What keeps a connection alive is no answer, and ours does so for the client.
        if (events || !between || !whole || begun) {
            next(bytes);
        }
    }

    private void frame(Frame frame) throws BadAnswer {
        if (frame.event() == null && frame.data().isEmpty()) {
            attempt.progress();
            return;
        }
        events = true;
        if (progress != null) {
            progress.seen(frame);
        }
        // What it says went wrong is told in our words, not translated.
        if (translation != null && (progress == null || progress.error() == null)) {
            translated.add(translation.frame(frame));
        }
        if ("ping".equals(frame.event())) {
            attempt.progress();
        } else if (progress == null || progress.hasContent()) {
            attempt.content();
            pieces += progress != null && progress.isComplete() ? 0 : 1;
        } else {
            attempt.progress();
        }
    }

    @Override
    long counted() {
        return pieces;
    }

    private void next(Buffer bytes) {
        Buffer fresh = translation == null ? bytes : translated.take();
        if (fresh == null) {
            return;
        }
        if (begun) {
            pass(fresh);
            return;
        }
        held.add(fresh);
        if ((progress == null ? events : progress.hasContent()) || held.length() > HELD) {
            begin();
        }
    }

    private void begin() {
        begun = true;
        attempt.commit(translation == null ? null : "text/event-stream");
        var all = held.take();
        if (all != null) {
            pass(all);
        }
    }

    private void pass(Buffer bytes) {
        if (translation == null) {
            passed.seen(bytes);
        }
        attempt.pass(bytes);
    }

    /** Whether the backend says within its stream that it failed. */
    private boolean failed(@Nullable Buffer bytes) {
        String said = progress == null ? null : progress.error();
        if (said == null) {
            return false;
        }
        if (begun && translation == null && bytes != null && !bytes.toString().contains("[DONE]")) {
            // Its own words are in the client's dialect.
            saidItself = true;
            pass(bytes);
        }
        attempt.fail(
                new Fault(Kind.ERROR_EVENT, 0, 0, Fault.saysTooLong(said), false, Errors.said(attempt.backend, said)));
        return true;
    }

    private void malformed(BadAnswer e) {
        attempt.fail(Fault.of(Kind.MALFORMED, Errors.malformed(attempt.backend, String.valueOf(e.getMessage()))));
    }

    @Override
    void ended() {
        try {
            reader.end(sink);
        } catch (BadAnswer e) {
            malformed(e);
            return;
        }
        if (failed(null)) {
            return;
        }
        if (progress == null ? !begun && held.isEmpty() : !progress.isComplete()) {
            cut();
            return;
        }
        finish();
    }

    /** A body may lack its end when its content does not. */
    @Override
    void broken() {
        if (progress != null && progress.isComplete() && progress.hasContent()) {
            finish();
        } else {
            cut();
        }
    }

    private void finish() {
        if (!begun) {
            begin();
        }
        if (translation != null) {
            translated.add(translation.end());
            var rest = translated.take();
            if (rest != null) {
                pass(rest);
            }
        }
        attempt.reply().end();
        attempt.done();
    }

    @Override
    @Nullable
    Usage usage() {
        return progress == null ? null : progress.usage();
    }

    @Override
    @Nullable
    String gap() {
        return saidItself ? null : passed.gap();
    }
}
