package mlxstack.engine;

import io.vavr.control.Either;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import mlxstack.reconcile.Obstacle;
import mlxstack.spec.Template;

/**
 * Builds what a child sees, so that a daemon started in a terminal gives its children the same as one started at login:
 * a handful of names, then the files of {@code envFrom}, then {@code env}. Stateless.
 */
final class ChildEnvironment {

    static final boolean MAC = System.getProperty("os.name", "").startsWith("Mac");

    private final EngineEnvironment environment;
    private final Secrets secrets;

    ChildEnvironment(EngineEnvironment environment, Secrets secrets) {
        this.environment = environment;
        this.secrets = secrets;
    }

    Either<Obstacle, Map<String, String>> of(Template template) {
        var env = base();
        for (String file : template.envFrom()) {
            var lines = EnvFile.read(Path.of(file));
            if (lines.isLeft()) {
                return Either.left(lines.getLeft());
            }
            env.putAll(lines.get());
        }
        for (var entry : new TreeMap<>(template.env()).entrySet()) {
            var value = secrets.resolve(entry.getValue());
            if (value.isLeft()) {
                return Either.left(value.getLeft());
            }
            env.put(entry.getKey(), value.get());
        }
        return Either.right(env);
    }

    private Map<String, String> base() {
        var env = new HashMap<String, String>();
        String user = System.getProperty("user.name", "");
        env.put("HOME", environment.userHome().toString());
        env.put("USER", inherited("USER", user));
        env.put("LOGNAME", inherited("LOGNAME", user));
        env.put("LANG", inherited("LANG", MAC ? "en_US.UTF-8" : "C.UTF-8"));
        env.put("TMPDIR", inherited("TMPDIR", "/tmp"));
        env.put("SHELL", inherited("SHELL", "/bin/sh"));
        env.put("PATH", environment.recordedPath());
        return env;
    }

    private String inherited(String name, String otherwise) {
        String value = environment.daemon().getOrDefault(name, "");
        return value.isEmpty() ? otherwise : value;
    }
}
