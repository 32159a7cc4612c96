package mlxstack.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import mlxstack.api.Ages;
import mlxstack.api.Item;
import mlxstack.api.Items;
import mlxstack.api.Kind;
import mlxstack.api.View;
import mlxstack.reconcile.State;

/**
 * Shows what becomes of the processes while somebody waits: in place on a terminal, else one line for each change.
 * Confined to the thread that waits.
 */
final class Progress {

    private final Session session;
    private final boolean inPlace;
    private final long began = System.nanoTime();
    private final Map<String, String> shown = new HashMap<>();
    private int drawn;

    Progress(Session session) {
        this.session = session;
        this.inPlace = session.style().colours();
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    static List<View> views(State state) {
        return Items.of(Kind.PROCESS, state).stream()
                .map(i -> ((Item.Supervised) i).view())
                .toList();
    }

    /**
     * Shows {@code state}; an interrupt is kept for the wait around it.
     *
     * @param line what of {@code text} deserves a line of its own where nothing is redrawn
     */
    void show(State state, Function<View, String> text, Function<View, String> line) {
        try {
            var views = views(state);
            if (inPlace) {
                redraw(views, text);
            } else {
                changes(views, line);
            }
            session.output().flush();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void changes(List<View> views, Function<View, String> text) throws InterruptedException {
        for (View view : views) {
            String now = text.apply(view);
            if (!now.equals(shown.put(view.name(), now))) {
                session.line("%6s  process/%s %s".formatted(seconds(), view.name(), now));
            }
        }
    }

    private void redraw(List<View> views, Function<View, String> text) throws InterruptedException {
        int widest = views.stream().mapToInt(v -> v.name().length()).max().orElse(0);
        var lines = new ArrayList<String>();
        for (View view : views) {
            String line = view.name() + " ".repeat(widest - view.name().length() + 2) + text.apply(view);
            int room = Math.max(20, session.request().columns() - 4);
            String clipped = line.length() > room ? line.substring(0, room - 1) + "…" : line;
            String mark = view.ready() || view.word() == View.Word.STOPPED ? "✓ " : "· ";
            lines.add(session.style().word(view.word(), mark + clipped));
        }
        String all = String.join("\n", lines);
        if (all.equals(shown.put("", all))) {
            return;
        }
        var out = new StringBuilder();
        if (drawn > 0) {
            out.append("\u001b[").append(drawn).append("A\u001b[J");
        }
        lines.forEach(l -> out.append(l).append('\n'));
        drawn = lines.size();
        session.output().out(out.toString());
    }

    private String seconds() {
        var elapsed = elapsed();
        return elapsed.toMinutes() < 2
                ? String.format(java.util.Locale.ROOT, "%.1fs", elapsed.toMillis() / 1000.0)
                : Ages.human(elapsed);
    }

    String took() {
        return seconds();
    }
}
