package mlxstack.harness;

import java.util.List;

/** A tool that can use the gateway. Stateless. */
public interface Harness {

    /** As the command line names it: {@code claude-code}. */
    String name();

    /** As its makers write it: {@code Claude Code}. */
    String title();

    Dialect dialect();

    /** What it can have different models for, main first. */
    List<Role> roles();

    /** Whether it has files of a project beside those of the user. */
    boolean projects();

    /** Whether its files lie in the directory where one stands, and nowhere else. */
    default boolean local() {
        return false;
    }

    Recipe recipe(Facts facts, Machine machine);

    /** A protocol of the gateway. */
    enum Dialect {
        CHAT("/v1/chat/completions"),
        RESPONSES("/v1/responses"),
        MESSAGES("/v1/messages");

        private final String path;

        Dialect(String path) {
            this.path = path;
        }

        public String path() {
            return path;
        }
    }
}
