package mlxstack.autostart;

import java.util.List;

/** Runs a program to its end. Never throws for what the program does, or for its absence. */
@FunctionalInterface
public interface CommandRunner {

    Answer run(List<String> command);

    default Answer run(String... command) {
        return run(List.of(command));
    }

    /**
     * @param exit 127 when there is no such program, 124 when it did not end in time
     * @param out both streams, as a terminal would show them
     */
    record Answer(int exit, String out) {
        public boolean ok() {
            return exit == 0;
        }

        /** The first line that says something, for messages. */
        String line() {
            return out.lines()
                    .map(String::strip)
                    .filter(l -> !l.isEmpty())
                    .findFirst()
                    .orElse("exit code " + exit);
        }
    }
}
