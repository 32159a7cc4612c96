package mlxstack.hardware;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers with what a machine printed once; to anything else as if there were no such program. */
record Recorded(Map<String, String> answers) implements Commands {

    /** @param name of a file beside this class: each command after {@code $}, its output below */
    static Recorded of(String name) throws IOException {
        try (var in = Recorded.class.getResourceAsStream("recorded/" + name + ".txt")) {
            var answers = new HashMap<String, String>();
            var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (var part : text.split("(?m)^\\$ ")) {
                int end = part.indexOf('\n');
                if (end > 0) {
                    answers.put(part.substring(0, end), part.substring(end + 1));
                }
            }
            return new Recorded(answers);
        }
    }

    @Override
    public Optional<String> ask(List<String> command) {
        return Optional.ofNullable(answers.get(String.join(" ", command)));
    }
}
