package mlxstack.daemon;

import java.util.List;
import java.util.Objects;
import mlxstack.logs.LogStore;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.Revision;
import mlxstack.reconcile.State;
import mlxstack.spec.Workload;

/**
 * Tells the store of logs what the state means for it: how much to keep of each name, and which launch began a streak of
 * failures, for the first of them says most. Stateless; on the loop's thread, after each step.
 */
final class LogTending {

    private LogTending() {}

    private static void limits(LogStore logs, Workload workload) {
        var names = workload.name().equals(Workload.LITELLM) ? Workload.LITELLM_TURNS : List.of(workload.name());
        names.forEach(name -> logs.limits(name, workload.policy().logs()));
    }

    static void look(LogStore logs, State before, Event event, State after) {
        Revision revision = after.revision();
        if (revision != null && !Objects.equals(revision, before.revision())) {
            revision.stack().workloads().forEach(w -> limits(logs, w));
        }
        String name = event.subject();
        if (name != null) {
            var was = before.unit(name);
            var is = after.unit(name);
            if (was != null
                    && is != null
                    && was.streak().failures() == 0
                    && is.streak().failures() > 0) {
                logs.streakBegan(name, was.launch());
            }
        }
    }
}
