package mlxstack.upstream;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import mlxstack.route.Backend;
import mlxstack.route.Hop;
import mlxstack.route.Table;
import mlxstack.upstream.Fault.Kind;
import mlxstack.wire.ApiError;
import mlxstack.wire.Operation;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way over its hops: does what {@link Chain} decides. A client that goes ends the backend's work, and
 * nobody is blamed for it. Event loop only.
 */
final class Dispatch implements Ticker.Ticked {

    final Reply reply;
    private final Dispatcher all;
    private final Call call;
    private final long began = System.nanoTime();
    private final Place place;
    private final Blame blame;
    private final KeepAlive keepAlive;
    private final Itinerary ways;
    private final List<Fault> faults = new ArrayList<>(2);
    private final int promptBytes;

    private final Observer.Trace trace;
    private @Nullable Attempt attempt;
    private boolean over;

    Dispatch(Dispatcher all, Call call) {
        this.all = all;
        this.call = call;
        this.promptBytes = call.body().length();
        this.reply = new Reply(call.request(), call.operation().dialect(), call.id());
        this.place = new Place(all, this, call.lane());
        this.ways = new Itinerary(all, call);
        this.trace = all.ways.observer().began(call);
        this.blame = new Blame(trace);
        this.keepAlive = new KeepAlive(reply, all.pace.keepAliveMillis(), began);
    }

    void start(Table table) {
        all.count(1);
        reply.response().closeHandler(_ -> gone());
        reply.response().exceptionHandler(_ -> gone());
        decide(table);
    }

    private void decide(Table table) {
        var refusal = ways.decide(table);
        if (refusal != null) {
            step(new Step.Answer(refusal));
            return;
        }
        all.ticker.add(this);
        next();
    }

    private void next() {
        step(ways.isEmpty() ? new Step.Answer(Errors.nobodyCounts()) : Chain.next(standings()));
    }

    private List<Standing> standings() {
        return ways.standings(place, System.nanoTime());
    }

    /** Its turn at the queue where it waits, or something has changed there. */
    void turn() {
        if (!over && attempt == null && !place.isPaused()) {
            next();
        }
    }

    /** Another table is in force, and it has not been sent to anybody yet. */
    void decideAgain(Table table) {
        if (!over && attempt == null) {
            endPause();
            decide(table);
        }
    }

    private void endPause() {
        if (place.isPaused()) {
            place.endPause();
            ways.again();
        }
    }

    @Override
    public void tick(long now) {
        var running = attempt;
        if (running != null) {
            running.tick(now);
        } else if (!over) {
            all.look(now);
            if (!over && attempt == null && place.isDue(now)) {
                endPause();
                next();
            }
        }
        if (!over && call.body().stream() && keepAlive.isDue(now)) {
            var asking = attempt;
            keepAlive.say(place.words(), asking == null ? null : asking.gap(), labels(null), now);
        }
    }

    private void step(Step step) {
        switch (step) {
            case Step.Attempt(int i) -> attempt(ways.hop(i));
            case Step.Wait(int i) -> await(ways.hop(i).backend());
            case Step.Answer(var error) -> answer(error);
            case Step.PassOn() -> passOn();
            case Step.BreakOff(var error) -> {
                var broken = Objects.requireNonNull(attempt);
                finish(reply.response().getStatusCode(), faults.getLast());
                reply.breakOff(broken.lastWords(error), broken.gap());
            }
            case Step.Drop() -> finish(Fault.CLIENT_GONE, null);
        }
    }

    private void attempt(Hop hop) {
        var backend = hop.backend();
        var station = all.station(backend);
        place.admit(station, System.nanoTime());
        ways.goes(backend);
        boolean stream = call.body().stream();
        var limit = Limits.firstToken(hop, station.rate, promptBytes, stream, isLast());
        var fresh = new Attempt(this, all, call, hop, station, limit);
        attempt = fresh;
        var denied = all.ways.admission().reserve(call, backend);
        if (denied == null) {
            fresh.start();
        } else {
            fresh.fail(Fault.of(Kind.OVERSPENT, denied));
        }
    }

    boolean isLast() {
        return ways.isLast();
    }

    int promptBytes() {
        return promptBytes;
    }

    Labels labels(@Nullable Backend backend) {
        return ways.labels(backend, place);
    }

    private void await(Backend backend) {
        long now = System.nanoTime();
        place.take(all.station(backend), backend, now);
        if (ways.wasAt(backend)) {
            place.tryAgainLater(now);
        }
    }

    /** The client has its first content: whoever is to blame for it not being there sooner is known. */
    void committed() {
        long now = System.nanoTime();
        blame.settle(now);
        call.body().release();
        trace.content(now - began);
    }

    /** @param said of an error that was passed on as it came; null when it is none */
    void done(Attempt ended, @Nullable Fault said) {
        long now = System.nanoTime();
        if (said == null) {
            blame.answered(ended, now);
        } else {
            blame.failed(ended, said, false, now);
        }
        finish(ended.status(), said);
    }

    void failed(Attempt ended, Fault fault) {
        long now = System.nanoTime();
        blame.failed(ended, fault, Chain.poison(fault, faults), now);
        var earlier = List.copyOf(faults);
        faults.add(fault);
        if (over) {
            return;
        }
        var next = Chain.after(fault, ways.indexOf(ended.backend), earlier, reply.content(), standings());
        if (next instanceof Step.Attempt || next instanceof Step.Wait) {
            attempt = null;
        }
        step(next);
    }

    private void passOn() {
        var last = Objects.requireNonNull(attempt);
        if (call.operation() == Operation.COUNT_TOKENS && last.status() != 400) {
            count();
            return;
        }
        var fault = faults.getLast();
        var body = last.refusal();
        boolean ours = body == null || reply.early();
        finish(ours ? fault.error().status() : last.status(), fault);
        if (ours) {
            reply.refuse(fault.error(), labels(last.backend));
        } else {
            last.head(null);
            reply.whole(Objects.requireNonNull(body));
        }
    }

    private void answer(ApiError error) {
        if (call.operation() == Operation.COUNT_TOKENS && error.status() >= 429) {
            count();
            return;
        }
        var asking = attempt;
        finish(error.status(), faults.isEmpty() ? Fault.of(Kind.REFUSED, error) : faults.getLast());
        reply.refuse(error, labels(asking == null ? null : asking.backend));
    }

    /** An estimate is better than waiting. */
    private void count() {
        long tokens = all.ways.tokens().applyAsLong(call);
        finish(200, null);
        reply.head(200, MultiMap.caseInsensitiveMultiMap(), labels(null), "application/json");
        reply.whole(Buffer.buffer("{\"input_tokens\":" + tokens + "}"));
    }

    /** The client has gone: nobody's health is blamed for it. */
    private void gone() {
        var running = attempt;
        if (over) {
            return;
        }
        if (running != null) {
            running.stop();
            blame.gone(running, System.nanoTime());
        }
        finish(Fault.CLIENT_GONE, null);
    }

    private void finish(int status, @Nullable Fault fault) {
        if (over) {
            return;
        }
        over = true;
        long now = System.nanoTime();
        blame.settle(now);
        var left = place.leave(now);
        call.body().release();
        all.ticker.remove(this);
        all.count(-1);
        trace.ended(ways.end(status, attempt == null ? null : attempt.backend, fault, place, began));
        if (left != null) {
            left.pump();
        }
    }
}
