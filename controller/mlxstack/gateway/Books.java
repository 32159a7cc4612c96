package mlxstack.gateway;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import mlxstack.ledger.Budgets;
import mlxstack.ledger.Claim;
import mlxstack.ledger.Exchange;
import mlxstack.ledger.Ledger;
import mlxstack.ledger.Limits;
import mlxstack.ledger.Money;
import mlxstack.route.Backend;
import mlxstack.route.Table;
import mlxstack.upstream.Admission;
import mlxstack.upstream.Call;
import mlxstack.upstream.Fault;
import mlxstack.upstream.Observer;
import mlxstack.wire.ApiError;
import mlxstack.wire.TokenEstimate;
import mlxstack.wire.Usage;
import org.jspecify.annotations.Nullable;

/** Lets requests through as far as budgets allow, and writes down what became of them. Event loop only. */
final class Books implements Observer, Admission {

    private static final int BYTES_A_TOKEN = 4;

    /** Of spending a minute; the stack file has no word for it. */
    private static final long NO_RATE = 0;

    private final Ledger ledger;
    private final Budgets budgets;
    private final Supplier<Table> tables;
    private final InstantSource clock;
    /** Digest of the table whose limits are in force. */
    private String known = "";

    private final IdentityHashMap<Call, Entry> open = new IdentityHashMap<>();

    /**
     * @param file of the ledger; nothing of it is touched before there is something to write
     * @param tables what is in force now
     * @param loop runs things on the event loop
     */
    Books(Path file, Supplier<Table> tables, Executor loop, InstantSource clock) {
        this.ledger = new Ledger(file, Ledger.Settings.DEFAULT, clock);
        this.budgets = new Budgets(ledger, ZoneId.systemDefault(), loop);
        this.tables = tables;
        this.clock = clock;
    }

    /** The table in force now, whose limits are from here on. */
    Table table() {
        var table = tables.get();
        if (!table.digest().equals(known)) {
            known = table.digest();
            budgets.limits(Limits.of(table.keys(), table.providerBudgets(), table.budgets(), NO_RATE), clock.instant());
        }
        return table;
    }

    /** Writes what there is to write, for at most this long. */
    void close(Duration atMost) throws InterruptedException {
        ledger.close(atMost);
    }

    @Override
    public Trace began(Call call) {
        var entry = new Entry(call, clock.instant());
        open.put(call, entry);
        return entry;
    }

    @Override
    public @Nullable ApiError reserve(Call call, Backend backend) {
        var entry = open.get(call);
        if (entry == null) {
            return null;
        }
        entry.estimate(backend);
        var claim = Claim.estimate(
                entry.id,
                entry.time,
                call.key(),
                backend,
                entry.promptTokens,
                call.body().maxTokens());
        return budgets.reserve(claim, clock.instant());
    }

    /** What complexity asks before anything is held. */
    @Nullable
    ApiError against(@Nullable String key, Backend backend, long nanoUsd, long tokens) {
        var now = clock.instant();
        return budgets.against(new Claim("", now, key, Claim.provider(backend), backend.id(), nanoUsd, tokens), now);
    }

    /** One request. Its client's name for it may be another's too, so it has one of ours. */
    private final class Entry implements Trace {

        private final Call call;
        private final Instant time;
        private final String id =
                HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        private final List<Exchange.Attempt> attempts = new ArrayList<>(1);
        private @Nullable Attempted last;
        private long promptTokens;
        private boolean exact;
        private long firstNanos = -1;

        Entry(Call call, Instant time) {
            this.call = call;
            this.time = time;
        }

        /** Before the body is let go of. What costs nothing need not be known exactly. */
        void estimate(Backend backend) {
            int length = call.body().length();
            if (length > 0 && !(exact || backend.isLocal())) {
                exact = true;
                promptTokens = TokenEstimate.body(call.body().bytes(), length);
            } else if (length > 0 && !exact) {
                promptTokens = length / BYTES_A_TOKEN;
            }
        }

        @Override
        public void content(long nanosSinceBegin) {
            firstNanos = nanosSinceBegin;
        }

        @Override
        public void attempted(Attempted attempt) {
            last = attempt;
            var fault = attempt.fault();
            attempts.add(new Exchange.Attempt(
                    attempt.backend().id(),
                    fault == null ? "ok" : fault.reason(),
                    null,
                    TimeUnit.NANOSECONDS.toMillis(attempt.nanos())));
        }

        @Override
        public void ended(Ended end) {
            open.remove(call);
            var by = last;
            budgets.finish(
                    new Exchange(
                            id,
                            time,
                            call.key(),
                            call.operation(),
                            call.body().stream(),
                            call.body().asked(),
                            choice(end),
                            by == null ? null : Exchange.Served.by(by.backend()),
                            outcome(end),
                            end.status(),
                            by == null ? Exchange.Count.NONE : count(by, end),
                            new Exchange.Timing(
                                    TimeUnit.NANOSECONDS.toMillis(end.queueNanos()),
                                    firstNanos < 0 ? null : TimeUnit.NANOSECONDS.toMillis(firstNanos),
                                    TimeUnit.NANOSECONDS.toMillis(end.nanos())),
                            attempts),
                    clock.instant());
        }

        private static Exchange.Choice choice(Ended end) {
            var basis = end.basis();
            var candidates = new ArrayList<String>(end.candidates().size());
            end.candidates().forEach(hop -> candidates.add(hop.backend().id()));
            return new Exchange.Choice(
                    end.route(),
                    end.level(),
                    basis.score(),
                    end.reasons(),
                    basis.floor(),
                    candidates,
                    basis.rejected(),
                    end.policy());
        }

        private Exchange.Outcome outcome(Ended end) {
            if (end.status() == Fault.CLIENT_GONE) {
                return Exchange.Outcome.CLIENT_CANCELLED;
            }
            var by = last;
            if (end.fault() == null) {
                return Exchange.Outcome.OK;
            }
            if (by == null || end.fault().kind() == Fault.Kind.OVERSPENT) {
                return Exchange.Outcome.REJECTED;
            }
            return by.content() && by.status() == 200 ? Exchange.Outcome.TRUNCATED : Exchange.Outcome.UPSTREAM_ERROR;
        }

        /** A provider charges for a stream that broke off, or whose client left, as well. */
        private Exchange.Count count(Attempted by, Ended end) {
            var reported = by.usage();
            if (reported == null && by.counted() == 0) {
                return Exchange.Count.NONE;
            }
            var usage = reported != null ? reported : new Usage(promptTokens, by.counted(), 0, 0, 0);
            long cost = Money.cost(by.backend().price(), usage);
            return new Exchange.Count(
                    usage,
                    reported != null ? Exchange.Source.REPORTED : Exchange.Source.COUNTED,
                    Money.avoided(usage, cost, end.candidates(), table().backends()));
        }
    }
}
