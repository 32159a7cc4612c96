package mlxstack.autostart;

import io.vavr.control.Either;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mlxstack.autostart.CommandRunner.Answer;
import org.jspecify.annotations.Nullable;

/**
 * A LaunchAgent. In the graphical session's domain if there is such a session, else in the user's own, which exists over
 * SSH as well; never in both. For one thread.
 */
public final class Launchd implements Autostart {
    public static final String LABEL = "dev.mlxstack.mlxstackd";

    private static final List<String> GUARDED = List.of("Documents", "Desktop", "Downloads");
    private static final String TEMPLATE = "/launchd/dev.mlxstack.mlxstackd.plist";

    private final Launchctl launchctl;
    private final Path userHome;
    private final String gui;
    private final String user;

    /** @param uid numeric, as text */
    public Launchd(CommandRunner commands, Pause pause, Path userHome, String uid) {
        this.launchctl = new Launchctl(commands, pause, LABEL);
        this.userHome = userHome;
        this.gui = "gui/" + uid;
        this.user = "user/" + uid;
    }

    Path file() {
        return userHome.resolve("Library/LaunchAgents/" + LABEL + ".plist");
    }

    /** Where launchd itself writes: it insists on the boot volume, and fails with 78 before any line elsewhere. */
    private Path log() {
        return userHome.startsWith("/Volumes") ? Path.of("/dev/null") : userHome.resolve("Library/Logs/mlxstackd.log");
    }

    String plist(Job job, boolean graphical) {
        return Templates.fill(
                TEMPLATE,
                Map.of(
                        "LABEL", LABEL,
                        "LAUNCHER", Templates.xml(job.launcher().toString()),
                        "HOME", Templates.xml(job.home().toString()),
                        "JAVA_HOME", Templates.xml(job.javaHome().toString()),
                        "SESSION", graphical ? "Aqua" : "Background",
                        "LOG", Templates.xml(log().toString())));
    }

    @Override
    public Either<Failure, Done> install(Job job) {
        boolean graphical = launchctl.hasDomain(gui);
        List<String> notes = new ArrayList<>(advice(job));
        if (!graphical) {
            notes.add("no graphical session: installed in " + user + ", as a background job");
        }
        return install(job, graphical, notes);
    }

    private Either<Failure, Done> install(Job job, boolean graphical, List<String> notes) {
        String domain = graphical ? gui : user;
        String text = plist(job, graphical);
        boolean unchanged = Templates.holds(file(), text);
        boolean loaded = launchctl.job(domain) != null;
        leave(graphical ? user : gui);
        if (loaded && unchanged) {
            return started(domain, "already installed, unchanged", notes);
        }
        String before = read();
        try {
            Files.createDirectories(userHome.resolve("Library/Logs"));
            Templates.write(file(), text);
        } catch (IOException e) {
            return failure("cannot write %s: %s".formatted(file(), e));
        }
        if (loaded) {
            Answer gone = launchctl.bootout(domain);
            if (!gone.ok()) {
                return failure("launchd does not end the job that was installed before: " + gone.line()
                        + "; see: launchctl print " + domain + "/" + LABEL);
            }
        }
        if (launchctl.disabled(domain)) {
            launchctl.enable(domain);
            notes.add(LABEL + " was disabled; enabled it");
        }
        Answer answer = launchctl.bootstrap(domain, file());
        if (answer.ok()) {
            return started(domain, (loaded ? "installed anew: " : "installed: ") + file(), notes);
        }
        if (graphical && answer.exit() == Launchctl.NO_DOMAIN) {
            notes.add(
                    "launchd takes no jobs in %s from here: installed in %s, as a background job".formatted(gui, user));
            return install(job, false, notes);
        }
        return refused(domain, answer, loaded ? before : null);
    }

    private Either<Failure, Done> started(String domain, String what, List<String> notes) {
        Answer answer = launchctl.kickstart(domain);
        if (!answer.ok()) {
            return failure("installed, but launchd does not start it: %s; see %s, and: launchctl print %s/%s"
                    .formatted(answer.line(), log(), domain, LABEL));
        }
        notes.addFirst(what);
        return Either.right(new Done(notes));
    }

    /** The job that ran before is put back, so that a failed upgrade leaves no machine without a daemon. */
    private Either<Failure, Done> refused(String domain, Answer answer, @Nullable String before) {
        String restored = "";
        if (before != null) {
            try {
                Templates.write(file(), before);
                restored = launchctl.bootstrap(domain, file()).ok() ? "; the job as it was before runs again" : "";
            } catch (IOException e) {
                restored = "; and the job as it was before could not be put back: " + e;
            }
        }
        return failure(
                "launchd refuses the job: %s%s. If mlxstackd is switched off in System Settings > General > Login"
                                .formatted(answer.line(), restored)
                        + " Items, switch it on; then run install again");
    }

    private void leave(String other) {
        if (launchctl.job(other) != null) {
            launchctl.bootout(other);
        }
    }

    @Override
    public Either<Failure, Done> uninstall() {
        List<String> notes = new ArrayList<>();
        for (String domain : List.of(gui, user)) {
            if (launchctl.job(domain) != null) {
                Answer answer = launchctl.bootout(domain);
                if (!answer.ok()) {
                    return failure("launchd does not end the job: " + answer.line());
                }
                notes.add("stopped mlxstackd; what it supervised goes on running");
            }
        }
        try {
            notes.add(Files.deleteIfExists(file()) ? "removed " + file() : "not installed");
        } catch (IOException e) {
            return failure("cannot remove %s: %s".formatted(file(), e));
        }
        return Either.right(new Done(notes));
    }

    @Override
    public Status status(@Nullable Job job) {
        List<String> findings = new ArrayList<>();
        String domain = gui;
        Map<String, String> loaded = launchctl.job(gui);
        if (loaded == null) {
            domain = user;
            loaded = launchctl.job(user);
        }
        boolean installed = Files.exists(file());
        boolean current =
                job == null || Templates.holds(file(), plist(job, true)) || Templates.holds(file(), plist(job, false));
        if (installed && !current) {
            findings.add(file() + " is not what this version installs; run: mlxstackctl install");
        }
        if (installed && loaded == null) {
            findings.add("installed, but launchd has not loaded it; run: mlxstackctl install");
        }
        if (installed && (launchctl.disabled(gui) || launchctl.disabled(user))) {
            findings.add("disabled: it will not start at login; run: mlxstackctl install");
        }
        Map<String, String> values = loaded == null ? Map.of() : loaded;
        findings.addAll(LaunchdFindings.of(values, domain + "/" + LABEL));
        String pid = values.get("pid");
        return new Status(
                "launchd",
                file().toString(),
                installed,
                current,
                loaded != null,
                pid == null ? null : Long.valueOf(pid),
                findings);
    }

    private List<String> advice(Job job) {
        List<String> notes = new ArrayList<>();
        for (Path path : Stream.concat(Stream.of(job.home()), job.reads().stream())
                .distinct()
                .toList()) {
            GUARDED.stream()
                    .filter(name -> path.startsWith(userHome.resolve(name)))
                    .forEach(name -> notes.add(
                            "%s lies in ~/%s, where macOS lets no background job read until you allow it; move it elsewhere"
                                    .formatted(path, name)));
            if (path.startsWith("/Volumes")) {
                notes.add(path + " lies on a volume that may not be there yet at login; better keep it on the boot"
                        + " volume");
            }
        }
        return notes;
    }

    private @Nullable String read() {
        try {
            return Files.readString(file());
        } catch (IOException e) {
            return null;
        }
    }

    private static Either<Failure, Done> failure(String message) {
        return Either.left(new Failure(message));
    }
}
