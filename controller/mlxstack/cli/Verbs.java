package mlxstack.cli;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All verbs, in the order the help shows them. */
final class Verbs {

    private Verbs() {}

    /**
     * @param alone needs no daemon
     * @param maker makes it afresh for every command line: parsing fills its fields
     */
    record Verb(String name, Group group, String summary, boolean alone, Supplier<Action> maker) {}

    enum Group {
        LOOK("Look"),
        RUN("Run"),
        CHANGE("Change"),
        MODELS("Models"),
        HOUSE("Keep house");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    static final List<Verb> ALL = List.of(
            new Verb("get", Group.LOOK, "Show what there is, one line each", false, GetVerb::new),
            new Verb("describe", Group.LOOK, "Show everything about one thing", false, DescribeVerb::new),
            new Verb("status", Group.LOOK, "Show the whole stack on one screen", false, StatusVerb::new),
            new Verb("logs", Group.LOOK, "Print what processes wrote", false, LogsVerb::new),
            new Verb("events", Group.LOOK, "Show what happened, oldest first", false, EventsVerb::new),
            new Verb("usage", Group.LOOK, "Show what was used and what it cost", true, UsageVerb::new),
            new Verb("decisions", Group.LOOK, "Show why each request went where it went", true, DecisionsVerb::new),
            new Verb("why", Group.LOOK, "Explain why something is as it is", false, WhyVerb::new),
            new Verb("explain", Group.LOOK, "Explain what would become of a request", false, ExplainVerb::new),
            new Verb("wait", Group.LOOK, "Wait until something is so", false, WaitVerb::new),
            new Verb("up", Group.RUN, "Bring the stack up and wait until it is ready", false, UpVerb::new),
            new Verb("down", Group.RUN, "Stop everything", false, DownVerb::new),
            new Verb("start", Group.RUN, "Start processes that were stopped by hand", false, LifeVerbs.Start::new),
            new Verb("stop", Group.RUN, "Stop processes until they are started again", false, LifeVerbs.Stop::new),
            new Verb("restart", Group.RUN, "End processes and start them again", false, LifeVerbs.Restart::new),
            new Verb("suspend", Group.RUN, "Leave everything as it is for a while", false, SuspendVerbs.Suspend::new),
            new Verb("resume", Group.RUN, "End a suspension", false, SuspendVerbs.Resume::new),
            new Verb("diff", Group.CHANGE, "Show what a stack file would change", false, DiffVerb::new),
            new Verb("apply", Group.CHANGE, "Take up the stack file now", false, ApplyVerb::new),
            new Verb("rollout", Group.CHANGE, "Follow, list and take back changes", false, RolloutVerb::new),
            new Verb("schema", Group.CHANGE, "Print the JSON Schema of stack files", true, SchemaVerb::new),
            new Verb("recommend", Group.MODELS, "Say which models suit this machine", true, RecommendVerb::new),
            new Verb("models", Group.MODELS, "Show models: here, in the catalog, on the hub", true, ModelsVerb::new),
            new Verb("pull", Group.MODELS, "Fetch a model, or go on fetching it", true, PullVerb::new),
            new Verb("setup", Group.HOUSE, "From nothing to models that answer", true, SetupVerb::new),
            new Verb("bench", Group.HOUSE, "Measure how fast a model answers", true, BenchVerb::new),
            new Verb("harness", Group.HOUSE, "Configure agents to use the gateway", true, HarnessVerb::new),
            new Verb("import", Group.MODELS, "Take over what mlx-stack ran", true, ImportVerb::new),
            new Verb("config", Group.HOUSE, "Show and change settings by mlx-stack's names", true, ConfigVerb::new),
            new Verb("doctor", Group.HOUSE, "Check everything a stack needs", true, DoctorVerb::new),
            new Verb("install", Group.HOUSE, "Start the daemon at login", true, InstallVerb::new),
            new Verb("uninstall", Group.HOUSE, "No longer start it at login", true, UninstallVerb::new),
            new Verb("replay", Group.HOUSE, "Run a journal again", true, ReplayVerb::new),
            new Verb("api-resources", Group.HOUSE, "List the kinds there are", true, ApiResourcesVerb::new),
            new Verb("completion", Group.HOUSE, "Print a completion script for a shell", true, CompletionVerb::new),
            new Verb("version", Group.HOUSE, "Print the version", true, VersionVerb::new));

    static @Nullable Verb named(String name) {
        // As mlx-stack had it.
        String meant = name.equals("init") ? "setup" : name;
        for (Verb verb : ALL) {
            if (verb.name().equals(meant)) {
                return verb;
            }
        }
        return null;
    }
}
