package mlxstack.route;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The level each conversation has reached: it holds or goes up, so that a model is not changed in the middle of a task
 * and its prefix cache not thrown away. The conversations used last are kept. One thread at a time.
 */
public final class Sessions {

    private final Map<String, String> levels;

    /** @param most conversations remembered */
    public Sessions(int most) {
        levels = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
                return size() > most;
            }
        };
    }

    /** As {@link Router#decide(Table, Ask, Standing)}, going by the session of {@code ask} and noting its level. */
    public Decision decide(Table table, Ask ask, Spending spending) {
        var traits = ask.traits();
        String session = traits == null ? null : traits.session();
        var decision = Router.decide(table, ask, new Standing(level(session), spending));
        if (session != null
                && decision instanceof Decision.To(var _, var _, var level, var _, var _)
                && level != null) {
            levels.merge(session, level, Levels::higher);
        }
        return decision;
    }

    @Nullable
    String level(@Nullable String session) {
        return session == null ? null : levels.get(session);
    }
}
