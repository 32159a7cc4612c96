package mlxstack.cli;

import mlxstack.api.View;
import mlxstack.reconcile.State;
import mlxstack.reconcile.Unit;
import org.jspecify.annotations.Nullable;

/** How far a change has come, asked in the order in which {@code kubectl rollout status} asks. Pure. */
sealed interface Ladder {

    String text();

    record Waiting(String text) implements Ladder {}

    record Done(String text) implements Ladder {}

    record Failed(String text) implements Ladder {}

    /** @param generation the only one that counts; null is the latest */
    static Ladder of(State state, String name, @Nullable Long generation) {
        Unit unit = state.unit(name);
        if (unit == null) {
            return new Failed("process \"" + name + "\" is gone");
        }
        if (generation != null && unit.generation() != generation) {
            return new Failed("desired revision (%d) is different from the running revision (%d)"
                    .formatted(generation, unit.generation()));
        }
        var view = View.of(state, unit);
        var progress = unit.progress();
        var finish = unit.finish();
        var pinned = unit.pinned();
        if (pinned != null && pinned.isAutomatic()) {
            return new Failed(
                    "process \"%s\" did not become ready with its new definition; it was reverted to revision %s"
                            .formatted(name, pinned.revision()));
        } else if (progress != null && progress.exceeded()) {
            return new Failed("process \"%s\" exceeded its progress deadline (%s: %s)"
                    .formatted(name, view.reason(), view.message()));
        } else if (view.word() == View.Word.FAILED) {
            return new Failed("process \"%s\" has failed (%s: %s)".formatted(name, view.reason(), view.message()));
        } else if (!unit.exists() && finish != null) {
            return new Done("process \"" + name + "\" ran to its end");
        } else if (!unit.exists() && view.word() == View.Word.STOPPED) {
            return unit.spec().replicas() == 0
                    ? new Done("process \"" + name + "\" is declared stopped")
                    : new Failed("process \"%s\" does not run: %s".formatted(name, view.message()));
        }
        var launched = unit.launched();
        boolean old = unit.exists()
                && launched != null
                && !launched.templateHash().equals(unit.spec().templateHash());
        if (old) {
            return new Waiting(waiting(name, "the old instance is pending termination"));
        } else if (!view.ready()) {
            return new Waiting(waiting(name, "it is not ready yet (" + view.reason() + ")"));
        } else if (unit.observedGeneration() < unit.generation()) {
            return new Waiting("Waiting for process \"" + name + "\" spec update to be observed...");
        }
        return new Done("process \"" + name + "\" successfully rolled out");
    }

    private static String waiting(String name, String what) {
        return "Waiting for rollout of process \"" + name + "\" to finish: " + what + "...";
    }
}
