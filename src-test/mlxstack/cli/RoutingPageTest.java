package mlxstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mlxstack.reconcile.Effect.Availability;
import org.junit.jupiter.api.Test;

/** The page on routing shows what its commands print, with the stack that it shows. */
class RoutingPageTest {

    private static final Path PAGE = Path.of("docs/routing.md");
    private static final Pattern STACK = Pattern.compile("(?s)```yaml\n(.*?)```");
    private static final Pattern CONSOLE = Pattern.compile("(?s)```console\n(.*?)```");

    @Test
    void theOutputIsReal() throws IOException, InterruptedException {
        String page = Files.readString(PAGE);
        var stack = found(STACK, page);
        var console = found(CONSOLE, page);
        var terminal = ExplainVerbTest.terminal(stack.group(1), Availability.READY);
        var fresh = new StringBuilder();
        for (String line : console.group(1).lines().toList()) {
            if (line.startsWith("$ mlxstackctl ")) {
                String[] words = line.substring("$ mlxstackctl ".length()).split(" ");
                fresh.append(line)
                        .append('\n')
                        .append(terminal.run(words).out())
                        .append('\n');
            }
        }
        String expected = page.substring(0, console.start(1))
                + fresh.toString().stripTrailing()
                + "\n"
                + page.substring(console.end(1));
        if ("write".equals(System.getProperty("mlxstack.docs"))) {
            Files.write(PAGE, expected.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(PAGE)
                .as("%s shows output; write it anew by: mvn test -Dtest=RoutingPageTest -Dmlxstack.docs=write", PAGE)
                .hasContent(expected);
    }

    @Test
    void theChainIsOne() throws IOException, InterruptedException {
        var stack = STACK.matcher(Files.readString(PAGE));
        assertThat(stack.find()).isTrue();
        assertThat(stack.find(stack.end())).isTrue();
        var terminal = ExplainVerbTest.terminal(stack.group(1), Availability.READY);
        assertThat(terminal.run("explain", "route", "--model", "chat").out())
                .containsSubsequence("primary", "fast", "openrouter/premium");
    }

    private static Matcher found(Pattern pattern, String page) {
        var matcher = pattern.matcher(page);
        assertThat(matcher.find()).isTrue();
        return matcher;
    }
}
