package mlxstack.api;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The kinds of object the API serves. */
public enum Kind {
    STACK("mlxstack.dev", "Stack", "stacks", List.of()),
    ENDPOINT("mlxstack.dev", "Endpoint", "endpoints", List.of("mep")),
    PROCESS("mlxstack.dev", "Process", "processes", List.of("proc", "procs")),
    PROVIDER("mlxstack.dev", "Provider", "providers", List.of("prov")),
    NODE("", "Node", "nodes", List.of("no")),
    EVENT("", "Event", "events", List.of("ev"));

    private final String group;
    private final String title;
    private final String plural;
    private final List<String> shortNames;

    Kind(String group, String title, String plural, List<String> shortNames) {
        this.group = group;
        this.title = title;
        this.plural = plural;
        this.shortNames = shortNames;
    }

    /** Empty for the core group. */
    public String group() {
        return group;
    }

    /** As in an object's {@code kind}. */
    public String title() {
        return title;
    }

    public String plural() {
        return plural;
    }

    public String singular() {
        return title.toLowerCase(Locale.ROOT);
    }

    public List<String> shortNames() {
        return shortNames;
    }

    public String apiVersion() {
        return group.isEmpty() ? "v1" : group + "/v1";
    }

    /** As error messages name it: {@code processes.mlxstack.dev}. */
    public String qualified() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /** The kind of an address; null if there is none. */
    static @Nullable Kind ofPath(String group, String plural) {
        for (Kind kind : values()) {
            if (kind.group.equals(group) && kind.plural.equals(plural)) {
                return kind;
            }
        }
        return null;
    }

    /** The kind a person means: plural, singular, short or with its group, in any case; null if none. */
    public static @Nullable Kind ofWord(String word) {
        String w = word.toLowerCase(Locale.ROOT);
        for (Kind kind : values()) {
            if (w.equals(kind.plural)
                    || w.equals(kind.singular())
                    || kind.shortNames.contains(w)
                    || w.equals(kind.qualified())
                    || w.equals(kind.singular() + "." + kind.group)) {
                return kind;
            }
        }
        return null;
    }
}
