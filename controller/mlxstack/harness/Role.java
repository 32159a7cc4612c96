package mlxstack.harness;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an agent has a model do. Tools name these differently; the stack's {@code roles} are free, so each has several names. */
public enum Role {
    MAIN("the model that does the work", "primary", "default", "standard", "chat", "coder"),
    STRONG("plans, and leads other agents", "planner", "plan", "manager", "complex", "expert", "large"),
    FAST("titles, summaries and other small work", "small", "utility", "weak", "secondary", "helper", "simple"),
    SUBAGENT("agents that the agent starts", "subagents", "sub-agents", "worker", "workers", "delegate"),
    LONG("reads what is long, and shortens conversations", "longctx", "long-context", "summarise", "summarize"),
    VISION("looks at pictures", "image", "images", "multimodal"),
    REVIEW("reviews changes", "reviewer"),
    SCHEDULED("works at set times", "cron"),
    EMBEDDINGS("vectors for searching", "embedding", "embed");

    private final String meaning;
    private final List<String> otherNames;

    Role(String meaning, String... otherNames) {
        this.meaning = meaning;
        this.otherNames = List.of(otherNames);
    }

    /** As {@code --role} writes it: {@code subagent}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String meaning() {
        return meaning;
    }

    /** Whether a role or an endpoint of the stack with this name is meant for it. */
    boolean means(String name) {
        String plain = name.toLowerCase(Locale.ROOT);
        return plain.equals(word()) || otherNames.contains(plain);
    }

    /** Who does it where nobody is declared for it; null: it is left out. */
    @Nullable
    Role instead() {
        return switch (this) {
            case MAIN, VISION, EMBEDDINGS -> null;
            case STRONG, FAST, SUBAGENT, LONG, SCHEDULED -> MAIN;
            case REVIEW -> STRONG;
        };
    }

    /** Null if it is none. */
    public static @Nullable Role of(String word) {
        for (Role role : values()) {
            if (role.means(word)) {
                return role;
            }
        }
        return null;
    }
}
