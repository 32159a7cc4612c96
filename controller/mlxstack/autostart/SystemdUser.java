package mlxstack.autostart;

import io.vavr.control.Either;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mlxstack.autostart.CommandRunner.Answer;
import org.jspecify.annotations.Nullable;

/** A service of the user's systemd, which lingers so that it starts with the machine. For one thread. */
public final class SystemdUser implements Autostart {
    public static final String UNIT = "mlxstackd.service";

    private static final String TEMPLATE = "/launchd/" + UNIT;

    private final CommandRunner commands;
    private final Path configHome;
    private final String uid;

    /**
     * @param configHome {@code $XDG_CONFIG_HOME}, by default {@code ~/.config}
     * @param uid numeric, as text
     */
    public SystemdUser(CommandRunner commands, Path configHome, String uid) {
        this.commands = commands;
        this.configHome = configHome;
        this.uid = uid;
    }

    Path file() {
        return configHome.resolve("systemd/user/" + UNIT);
    }

    static String unit(Job job) {
        return Templates.fill(
                TEMPLATE,
                Map.of(
                        "LAUNCHER", Templates.program(job.launcher().toString()),
                        "ENV_HOME", Templates.unit("MLXSTACK_HOME=" + job.home()),
                        "ENV_JAVA_HOME", Templates.unit("JAVA_HOME=" + job.javaHome())));
    }

    @Override
    public Either<Failure, Done> install(Job job) {
        List<String> notes = new ArrayList<>();
        String text = unit(job);
        boolean unchanged = Templates.holds(file(), text);
        if (!unchanged) {
            try {
                Templates.write(file(), text);
            } catch (IOException e) {
                return failure("cannot write %s: %s".formatted(file(), e));
            }
        }
        // Also when nothing has changed: an earlier attempt may have ended right here.
        Answer reload = systemctl("daemon-reload");
        if (!reload.ok()) {
            return unreachable(job, reload);
        }
        Answer enabled = systemctl("enable", UNIT);
        if (!enabled.ok()) {
            return failure("systemd does not enable " + UNIT + ": " + enabled.line());
        }
        // start does nothing to what runs; restart gives it the new file, and what it supervises outlives it.
        Answer started = systemctl(unchanged ? "start" : "restart", UNIT);
        if (!started.ok()) {
            return failure("systemd does not start %s: %s; see: journalctl --user -u %s"
                    .formatted(UNIT, started.line(), UNIT));
        }
        notes.add(unchanged ? "already installed, unchanged" : "installed: " + file());
        linger(notes);
        return Either.right(new Done(notes));
    }

    /** Without lingering the user's systemd ends with the last session, and all it started with it. */
    private void linger(List<String> notes) {
        if (lingers()) {
            return;
        }
        Answer answer = commands.run("loginctl", "enable-linger", uid);
        notes.add(
                answer.ok()
                        ? "enabled lingering: it starts with the machine and stays when you log out"
                        : "it will end when you log out (%s); to keep it: sudo loginctl enable-linger %s"
                                .formatted(answer.line(), uid));
    }

    private boolean lingers() {
        return commands.run("loginctl", "show-user", uid, "--property=Linger")
                .out()
                .strip()
                .equals("Linger=yes");
    }

    @Override
    public Either<Failure, Done> uninstall() {
        if (!Files.exists(file()) && !loaded(show())) {
            return Either.right(new Done(List.of("not installed")));
        }
        Answer disabled = systemctl("disable", "--now", UNIT);
        if (!disabled.ok() && loaded(show())) {
            return failure("systemd does not stop %s: %s".formatted(UNIT, disabled.line()));
        }
        try {
            Files.deleteIfExists(file());
        } catch (IOException e) {
            return failure("cannot remove %s: %s".formatted(file(), e));
        }
        systemctl("daemon-reload");
        return Either.right(
                new Done(List.of("stopped mlxstackd; what it supervised goes on running", "removed " + file())));
    }

    @Override
    public Status status(@Nullable Job job) {
        Map<String, String> unit = show();
        boolean installed = Files.exists(file());
        boolean current = job == null || Templates.holds(file(), unit(job));
        boolean active = "active".equals(unit.get("ActiveState"));
        List<String> findings = new ArrayList<>();
        if (installed && !current) {
            findings.add(file() + " is not what this version installs; run: mlxstackctl install");
        }
        if (installed && unit.isEmpty()) {
            findings.add("installed, but the user's systemd does not answer");
        } else if (installed) {
            if (!active) {
                findings.add("it is %s (%s), its last exit code was %s; see: journalctl --user -u %s"
                        .formatted(
                                unit.getOrDefault("ActiveState", "unknown"),
                                unit.getOrDefault("Result", "unknown"),
                                unit.getOrDefault("ExecMainStatus", "unknown"),
                                UNIT));
            }
            if (!"enabled".equals(unit.get("UnitFileState"))) {
                findings.add("it does not start by itself; run: mlxstackctl install");
            }
            if ("yes".equals(unit.get("NeedDaemonReload"))) {
                findings.add("systemd has not read the present file; run: mlxstackctl install");
            }
            if (!lingers()) {
                findings.add("it ends when you log out; to keep it: sudo loginctl enable-linger " + uid);
            }
        }
        String pid = unit.getOrDefault("MainPID", "0");
        return new Status(
                "systemd",
                file().toString(),
                installed,
                current,
                loaded(unit),
                active && !pid.equals("0") ? Long.valueOf(pid) : null,
                findings);
    }

    private Map<String, String> show() {
        Answer answer = systemctl(
                "show",
                UNIT,
                "--property=LoadState,ActiveState,Result,MainPID,ExecMainStatus,UnitFileState,NeedDaemonReload");
        Map<String, String> values = new HashMap<>();
        if (answer.ok()) {
            answer.out().lines().forEach(line -> {
                int at = line.indexOf('=');
                if (at > 0) {
                    values.put(line.substring(0, at), line.substring(at + 1));
                }
            });
        }
        return values;
    }

    private static boolean loaded(Map<String, String> unit) {
        return "loaded".equals(unit.get("LoadState"));
    }

    private Answer systemctl(String... words) {
        List<String> command = new ArrayList<>(List.of("systemctl", "--user"));
        command.addAll(List.of(words));
        return commands.run(command);
    }

    private Either<Failure, Done> unreachable(Job job, Answer answer) {
        return failure("the user's systemd does not answer: %s. Log in as this user (not by su or sudo), or set"
                        .formatted(answer.line())
                + " XDG_RUNTIME_DIR=/run/user/%s; without systemd, have %s run by whatever starts things here"
                        .formatted(uid, job.launcher()));
    }

    private static Either<Failure, Done> failure(String message) {
        return Either.left(new Failure(message));
    }
}
