package mlxstack.api;

import java.util.List;

/** What became of something that was asked for. */
public sealed interface Outcome {

    /** @param message one line for people; may be empty */
    record Done(String message) implements Outcome {}

    /** It was so already. */
    record Unchanged() implements Outcome {}

    /** @param problems one line each: what was found, what was expected, how to go on */
    record Refused(List<String> problems) implements Outcome {
        public Refused {
            problems = List.copyOf(problems);
        }
    }

    /** A person must say yes first.
     * @param question one line, without {@code [y/N]} */
    record Ask(String question) implements Outcome {}
}
