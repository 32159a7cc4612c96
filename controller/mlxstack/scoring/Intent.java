package mlxstack.scoring;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** What somebody wants models for: the roles to fill, and how much each matters. */
public enum Intent {
    BALANCED("a bit of everything", false, roles(Map.entry(Role.MAIN, .65), Map.entry(Role.FAST, .35))),
    AGENT_FLEET("several agents that call tools", true, roles(Map.entry(Role.MAIN, .6), Map.entry(Role.FAST, .4))),
    CODING("programming, with an agent", true, roles(Map.entry(Role.CODER, .7), Map.entry(Role.FAST, .3))),
    REASONING("hard questions", false, roles(Map.entry(Role.PLANNER, .8), Map.entry(Role.FAST, .2))),
    CHAT("conversation", false, roles(Map.entry(Role.CHAT, 1.0))),
    RESEARCH(
            "search, long texts, and an agent that uses them",
            true,
            roles(Map.entry(Role.MAIN, .5), Map.entry(Role.SUMMARIZE, .3), Map.entry(Role.EMBED, .2)));

    private final String summary;
    private final boolean agents;
    private final SequencedMap<Role, Double> roles;

    Intent(String summary, boolean agents, SequencedMap<Role, Double> roles) {
        this.summary = summary;
        this.agents = agents;
        this.roles = roles;
    }

    @SafeVarargs
    private static SequencedMap<Role, Double> roles(Map.Entry<Role, Double>... entries) {
        var roles = new LinkedHashMap<Role, Double>();
        for (var entry : entries) {
            roles.put(entry.getKey(), entry.getValue());
        }
        return roles;
    }

    /** As in {@code agent-fleet}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String summary() {
        return summary;
    }

    /** Whether models must call tools. */
    public boolean agents() {
        return agents;
    }

    /** Conversations at one time, in each role. */
    int concurrency() {
        return this == AGENT_FLEET ? 2 : 1;
    }

    /** Its own roles and how much each counts, the leading one first; sums to 1. */
    public SequencedMap<Role, Double> roles() {
        return new LinkedHashMap<>(roles);
    }

    /** Weights for other roles than its own, the first counting twice as much as each of the others. */
    SequencedMap<Role, Double> weights(List<Role> wanted) {
        if (wanted.isEmpty()) {
            return roles();
        }
        var weights = new LinkedHashMap<Role, Double>();
        for (Role role : wanted) {
            weights.put(role, (weights.isEmpty() ? 2.0 : 1.0) / (wanted.size() + 1));
        }
        return weights;
    }

    public static Optional<Intent> named(String text) {
        return Arrays.stream(values()).filter(each -> each.text().equals(text)).findFirst();
    }

    public static List<String> names() {
        return Arrays.stream(values()).map(Intent::text).toList();
    }
}
