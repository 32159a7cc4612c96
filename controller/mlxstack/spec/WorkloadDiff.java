package mlxstack.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two definitions of one workload, and what that takes. Pure.
 *
 * @param harm the hardest class among the fields
 * @param fields in the order of the file format
 */
public record WorkloadDiff(Harm harm, List<Field> fields) {

    /** Fields that are only shown. */
    private static final Set<String> METADATA = Set.of("description", "labels", "reload");

    /** Fields of the template; everything else is policy, or told to the gateway. */
    private static final Set<String> RESTART = Set.of(
            "engine",
            "model",
            "command",
            "args",
            "env",
            "envFrom",
            "workingDirectory",
            "port",
            "ports",
            "contextWindow",
            "concurrency");

    public WorkloadDiff {
        fields = List.copyOf(fields);
    }

    /** From the mildest to the hardest. */
    public enum Harm {
        NONE,
        /** Shown; nothing happens. */
        METADATA,
        /** Applied to the running instance. */
        POLICY,
        /** Signalled to the running instance. */
        RELOAD,
        /** The instance is replaced. */
        RESTART
    }

    /**
     * @param path dotted, as in the stack file, without the workload's own place
     * @param before null when absent; secrets as references
     * @param after null when absent
     */
    public record Field(
            String path, @Nullable String before, @Nullable String after, Harm harm) {}

    public static WorkloadDiff between(Workload before, Workload after) {
        var old = flat(before);
        var now = flat(after);
        var paths = new ArrayList<>(old.keySet());
        now.keySet().stream().filter(path -> !old.containsKey(path)).forEach(paths::add);

        var fields = new ArrayList<Field>();
        var harm = Harm.NONE;
        for (var path : paths) {
            var was = old.get(path);
            var is = now.get(path);
            if (!Objects.equals(was, is)) {
                var one = harm(path, after.reload() != null, after.template());
                fields.add(new Field(path, was, is, one));
                harm = one.compareTo(harm) > 0 ? one : harm;
            }
        }
        return new WorkloadDiff(harm, fields);
    }

    /** A server that is not told how much it may do at a time goes on as it is: only the gateway counts. */
    private static Harm harm(String path, boolean reloads, Template template) {
        return path.equals("concurrency") && !template.tellsConcurrency() ? Harm.POLICY : harm(path, reloads);
    }

    /** @param reloads whether the workload says how it takes up changed files */
    static Harm harm(String path, boolean reloads) {
        int end = 0;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
            end++;
        }
        var top = path.substring(0, end);
        if (top.equals("restartTriggers")) {
            return reloads ? Harm.RELOAD : Harm.RESTART;
        }
        if (RESTART.contains(top)) {
            return Harm.RESTART;
        }
        return METADATA.contains(top) ? Harm.METADATA : Harm.POLICY;
    }

    private static Map<String, String> flat(Workload workload) {
        var flat = new LinkedHashMap<String, String>();
        WorkloadView.of(workload).forEach((name, value) -> {
            if (!name.equals("name") && !name.equals("restartTriggers")) {
                flatten(name, value, flat);
            }
        });
        for (var path : new TreeSet<>(workload.template().restartTriggers().keySet())) {
            flat.put(
                    Cursor.child("restartTriggers", path),
                    Objects.requireNonNull(workload.template().restartTriggers().get(path)));
        }
        return flat;
    }

    private static void flatten(String path, Object value, Map<String, String> into) {
        boolean reference = path.startsWith("env.") || path.startsWith("env[");
        if (value instanceof Map<?, ?> map && !reference) {
            map.forEach((name, inner) -> flatten(Cursor.child(path, name.toString()), inner, into));
        } else {
            into.put(path, text(value));
        }
    }

    /** As YAML writes it within a line. */
    static String text(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + text(entry.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case List<?> list -> list.stream().map(WorkloadDiff::text).collect(Collectors.joining(", ", "[", "]"));
            default -> value.toString();
        };
    }
}
