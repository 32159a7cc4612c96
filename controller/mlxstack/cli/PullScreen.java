package mlxstack.cli;

import java.util.concurrent.TimeUnit;
import mlxstack.api.Plain;
import mlxstack.pull.PullPlan;
import mlxstack.pull.PullWatch;
import mlxstack.pull.RemoteFile;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Shows how a pull goes: a bar on a terminal, else a line for each tenth and at least every ten seconds, or one JSON
 * object a line. Called by all threads of the pull; guarded by itself.
 */
final class PullScreen implements PullWatch, AutoCloseable {

    private static final long OFTEN = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long SELDOM = TimeUnit.SECONDS.toNanos(10);

    private final Session session;
    private final boolean json;
    private final boolean bar;
    private @Nullable PullMeter meter;
    private String name = "";
    private long shown;
    private int tenth;
    private boolean drawn;

    PullScreen(Session session, boolean json) {
        this.session = session;
        this.json = json;
        this.bar = !json && session.request().columns() > 0;
    }

    @Override
    public synchronized void begun(PullPlan plan) {
        long now = System.nanoTime();
        long work = plan.missing() + plan.resumed();
        for (var step : plan.steps()) {
            work += step instanceof PullPlan.Step.Elsewhere copy ? copy.file().size() : 0;
        }
        name = plan.repo().substring(plan.repo().indexOf('/') + 1);
        meter = new PullMeter(plan.size(), Math.max(0, plan.size() - work), now);
        shown = now;
        tenth = meter.percent() / 10;
        if (json) {
            print(PullJson.plan(plan));
        } else if (!plan.nothingToDo()) {
            line(PullText.begun(plan));
        }
    }

    @Override
    public synchronized void bytes(long bytes) {
        if (meter != null) {
            meter.done(bytes);
            show(meter);
        }
    }

    @Override
    public synchronized void came(long bytes) {
        if (meter != null) {
            meter.came(bytes);
        }
    }

    private void show(PullMeter now) {
        long time = System.nanoTime();
        boolean due = bar ? time - shown > OFTEN : time - shown > SELDOM || now.percent() / 10 > tenth;
        if (!due || now.percent() == 100) {
            return;
        }
        now.tick(time);
        shown = time;
        tenth = now.percent() / 10;
        if (bar) {
            out("\r\u001b[K" + now.bar(name, session.request().columns()));
            drawn = true;
        } else if (json) {
            print(event("progress")
                    .put("bytes", now.bytes())
                    .put("size", now.total())
                    .put("percent", now.percent())
                    .put("bytesPerSecond", now.rate()));
        } else {
            line(now.text().strip());
        }
    }

    @Override
    public synchronized void done(RemoteFile file) {
        if (json) {
            print(event("file").put("path", file.path()).put("size", file.size()));
        }
    }

    @Override
    public synchronized void note(String line) {
        if (json) {
            print(event("note").put("message", line));
        } else {
            clear();
            line(Plain.line(line));
        }
    }

    synchronized void line(String line) {
        clear();
        out(line + "\n");
    }

    synchronized void print(ObjectNode event) {
        out(event + "\n");
    }

    static ObjectNode event(String type) {
        return JsonMapper.shared().createObjectNode().put("event", type);
    }

    private void clear() {
        if (drawn) {
            out("\r\u001b[K");
            drawn = false;
        }
    }

    /** Who interrupts the pull is served by the pull. */
    private void out(String text) {
        try {
            session.output().out(text);
            session.output().flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes the bar away; nothing moves any more. */
    synchronized void over() {
        clear();
        meter = null;
    }

    @Override
    public void close() {
        over();
    }
}
