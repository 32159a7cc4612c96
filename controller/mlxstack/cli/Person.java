package mlxstack.cli;

import java.io.Console;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whoever can be asked. */
interface Person {

    /**
     * @return the answer without blanks around it; empty for just Enter; null when nobody answers any more
     */
    @Nullable
    String ask(String question);

    /** At the terminal, if somebody sits there. */
    static Optional<Person> here() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).map(console -> question -> {
            String answer = console.readLine("%s", question);
            return answer == null ? null : answer.strip();
        });
    }
}
