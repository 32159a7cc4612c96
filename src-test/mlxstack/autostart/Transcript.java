package mlxstack.autostart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/**
 * A recorded conversation, played back: {@code $ command}, then what it printed, then {@code = exit code}. The commands
 * must come as recorded, all of them and no others. {@code {home}} stands for the test's home directory.
 */
final class Transcript implements CommandRunner {
    private record Exchange(String command, Answer answer) {}

    private final String name;
    private final Deque<Exchange> ahead = new ArrayDeque<>();

    Transcript(String name, String home) {
        this.name = name;
        try (InputStream in = Transcript.class.getResourceAsStream(name + ".transcript")) {
            String text = new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
            parse(text.replace("{home}", home));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void parse(String text) {
        String command = "";
        StringBuilder out = new StringBuilder();
        for (String line : text.lines().toList()) {
            if (line.startsWith("$ ")) {
                command = line.substring(2);
                out.setLength(0);
            } else if (line.startsWith("= ")) {
                ahead.add(new Exchange(command, new Answer(Integer.parseInt(line.substring(2)), out.toString())));
            } else if (!line.startsWith("# ")) {
                out.append(line).append('\n');
            }
        }
    }

    @Override
    public Answer run(List<String> command) {
        String said = String.join(" ", command);
        assertThat(ahead).as("%s: nothing was recorded for: %s", name, said).isNotEmpty();
        Exchange next = ahead.remove();
        assertThat(said).as(name).isEqualTo(next.command);
        return next.answer;
    }

    void assertOver() {
        assertThat(ahead).as("%s: recorded, and not said", name).isEmpty();
    }
}
