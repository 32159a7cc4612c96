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
            new Verb("why", Group.LOOK, "Explain why something is as it is", false, WhyVerb::new));

    static @Nullable Verb named(String name) {
        for (Verb verb : ALL) {
            if (verb.name().equals(name)) {
                return verb;
            }
        }
        return null;
    }
}
