package mlxstack.reconcile;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import java.time.Instant;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/**
 * Everything the core knows about one name. Immutable; changed copies are made through {@link Builder}.
 *
 * @param spec what is acted on now: the file's definition, or the pinned one
 * @param generation counts changes of {@code spec}
 * @param observedGeneration the latest generation that is fully acted on
 * @param launch number of the latest launch; messages of other launches are late
 * @param launched what that launch was started as
 * @param intended the intent of {@code launch} is written and not yet known to be over
 * @param finish the run that is not to be followed by another
 * @param obstacle what stood in the way of the latest launch; null when nothing did
 * @param gate why an idle unit is not being launched; null when nothing holds it
 * @param suspect was loading when the machine went down: starts last and alone
 * @param removed no longer in the file
 * @param admitted holds its memory reservation, from a launch until it comes to rest
 * @param inspectAt awake time of the next look at {@code obstacle}
 * @param timer awake time the unit's timer is set to
 * @param trail latest decisions, oldest first, for {@code why}
 */
public record Unit(
        Workload spec,
        long generation,
        long observedGeneration,
        Phase phase,
        long launch,
        String nonce,
        boolean intended,
        @Nullable Workload launched,
        @Nullable String commandDigest,
        boolean outdated,
        @Nullable Integer port,
        Streak streak,
        UnitRecord.@Nullable Ended last,
        UnitRecord.@Nullable Finish finish,
        @Nullable Obstacle obstacle,
        @Nullable Gate gate,
        Command.@Nullable Mark stopped,
        Command.@Nullable Mark suspended,
        UnitRecord.@Nullable Pinned pinned,
        @Nullable Progress progress,
        @Nullable Workload lastReady,
        boolean suspect,
        boolean removed,
        boolean restartAsked,
        boolean admitted,
        @Nullable Long inspectAt,
        @Nullable Long timer,
        Map<Condition.Type, Condition> conditions,
        Vector<Decision> trail,
        Instant createdAt) {

    /** One decision and its reason. */
    public record Decision(Instant at, long awake, String text) {}

    /**
     * What an idle unit waits for.
     *
     * @param reason one CamelCase word
     * @param blame the name that is waited for; null when it is none
     */
    public record Gate(
            String reason, String message, @Nullable String blame) {}

    public String name() {
        return spec.name();
    }

    public boolean ready() {
        return phase instanceof Phase.Running running && running.readySince() != null;
    }

    /** Whether a process of this name exists or may exist. */
    public boolean exists() {
        return !(phase instanceof Phase.Idle);
    }

    static Unit created(Workload spec, Instant at) {
        return new Unit(
                spec,
                1,
                0,
                new Phase.Idle(),
                0,
                "",
                false,
                null,
                null,
                false,
                spec.template().port(),
                Streak.NONE,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                false,
                false,
                false,
                false,
                null,
                null,
                HashMap.empty(),
                Vector.empty(),
                at);
    }

    Builder edit() {
        return new Builder(this);
    }

    /** A copy under construction; confined to one step. */
    static final class Builder {
        Workload spec;
        long generation;
        long observedGeneration;
        Phase phase;
        long launch;
        String nonce;
        boolean intended;

        @Nullable
        Workload launched;

        @Nullable
        String commandDigest;

        boolean outdated;

        @Nullable
        Integer port;

        Streak streak;
        UnitRecord.@Nullable Ended last;
        UnitRecord.@Nullable Finish finish;

        @Nullable
        Obstacle obstacle;

        @Nullable
        Gate gate;

        Command.@Nullable Mark stopped;
        Command.@Nullable Mark suspended;
        UnitRecord.@Nullable Pinned pinned;

        @Nullable
        Progress progress;

        @Nullable
        Workload lastReady;

        boolean suspect;
        boolean removed;
        boolean restartAsked;
        boolean admitted;

        @Nullable
        Long inspectAt;

        @Nullable
        Long timer;

        Map<Condition.Type, Condition> conditions;
        Vector<Decision> trail;
        final Instant createdAt;

        private Builder(Unit u) {
            spec = u.spec;
            generation = u.generation;
            observedGeneration = u.observedGeneration;
            phase = u.phase;
            launch = u.launch;
            nonce = u.nonce;
            intended = u.intended;
            launched = u.launched;
            commandDigest = u.commandDigest;
            outdated = u.outdated;
            port = u.port;
            streak = u.streak;
            last = u.last;
            finish = u.finish;
            obstacle = u.obstacle;
            gate = u.gate;
            stopped = u.stopped;
            suspended = u.suspended;
            pinned = u.pinned;
            progress = u.progress;
            lastReady = u.lastReady;
            suspect = u.suspect;
            removed = u.removed;
            restartAsked = u.restartAsked;
            admitted = u.admitted;
            inspectAt = u.inspectAt;
            timer = u.timer;
            conditions = u.conditions;
            trail = u.trail;
            createdAt = u.createdAt;
        }

        Unit build() {
            return new Unit(
                    spec,
                    generation,
                    observedGeneration,
                    phase,
                    launch,
                    nonce,
                    intended,
                    launched,
                    commandDigest,
                    outdated,
                    port,
                    streak,
                    last,
                    finish,
                    obstacle,
                    gate,
                    stopped,
                    suspended,
                    pinned,
                    progress,
                    lastReady,
                    suspect,
                    removed,
                    restartAsked,
                    admitted,
                    inspectAt,
                    timer,
                    conditions,
                    trail,
                    createdAt);
        }
    }
}
