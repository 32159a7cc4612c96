package mlxstack.hardware;

import java.util.List;
import java.util.Optional;

/** Asks programs of the system. Never throws for what a program does, or for its absence. */
@FunctionalInterface
interface Commands {

    /** What it printed on its standard output; empty when there is no such program, or it took too long. */
    Optional<String> ask(List<String> command);

    default String text(String... command) {
        return ask(List.of(command)).orElse("");
    }
}
