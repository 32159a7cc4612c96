package mlxstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page on the command line says what the verbs say of themselves. */
class CliPageTest {

    private static final Path PAGE = Path.of("docs/cli.md");

    @Test
    void thePageIsTheOneTheVerbsGive() throws IOException {
        var text = CliPage.text();
        if ("write".equals(System.getProperty("mlxstack.docs"))) {
            Files.writeString(PAGE, text);
        }
        assertThat(PAGE)
                .as("%s is generated; write it anew by: mvn test -Dtest=CliPageTest -Dmlxstack.docs=write", PAGE)
                .hasContent(text);
    }

    @Test
    void everyVerbHasItsExitCodes() {
        var paths = new ArrayList<String>();
        for (var verb : Verbs.ALL) {
            paths.add(verb.name());
            Shell.commandLine(verb.maker().get())
                    .getSubcommands()
                    .keySet()
                    .forEach(sub -> paths.add(verb.name() + " " + sub));
        }
        assertThat(CliPage.EXITS.keySet()).containsExactlyInAnyOrderElementsOf(paths);
    }

    @Test
    void linksLeadSomewhere() {
        var text = CliPage.text();
        var headings = text.lines()
                .filter(line -> line.startsWith("##"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(java.util.Locale.ROOT)
                        .replace(' ', '-'))
                .toList();
        var links = Pattern.compile("]\\(#([^)]+)\\)").matcher(text);
        assertThat(links.results().map(link -> link.group(1)).distinct())
                .isNotEmpty()
                .isSubsetOf(headings);
    }
}
