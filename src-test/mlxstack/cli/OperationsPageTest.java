package mlxstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mlxstack.api.View;
import mlxstack.reconcile.Condition;
import org.junit.jupiter.api.Test;

/** The page for bad nights explains every word that a person may meet on one. */
class OperationsPageTest {

    private static final Path PAGE = Path.of("docs/operations.md");
    private static final Path SOURCES = Path.of("controller/mlxstack");

    /** Where reasons are written down in the code: what precedes the word, and the word. */
    private static final Pattern REASON =
            Pattern.compile("(?s)(?:new Unit\\.Gate\\(\\s*|\\b(?:tell|warn)\\([^\";]*?,\\s*|Word\\.[A-Z]+,\\s*|return )"
                    + "(?:[^\";]*\\? )?\"([A-Z][a-z]+(?:[A-Z][a-z]+)*)\"(?: : \"([A-Z][a-zA-Z]+)\")?");

    private static Set<String> reasons() throws IOException {
        var found = new TreeSet<String>();
        for (var part : new String[] {"reconcile", "api/View.java", "api/StackView.java", "daemon"}) {
            try (Stream<Path> files = Files.walk(SOURCES.resolve(part))) {
                for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                    REASON.matcher(Files.readString(file)).results().forEach(match -> words(match, found));
                }
            }
        }
        return found;
    }

    private static void words(MatchResult match, Set<String> found) {
        for (int i = 1; i <= match.groupCount(); i++) {
            if (match.group(i) != null) {
                found.add(match.group(i));
            }
        }
    }

    @Test
    void everyReasonIsExplained() throws IOException {
        assertThat(reasons())
                .as("the pattern still finds them")
                .contains("InsufficientMemory", "Stopped", "OrphanKilled", "Completed", "StateDamaged", "Running");
        assertExplained(reasons().stream());
        assertExplained(Arrays.stream(Condition.Type.values()).map(Enum::name));
        assertExplained(Stream.of(
                "LogFileRemoved",
                "LogFileTruncated",
                "LogBytesLost",
                "LogBytesAtRisk",
                "DiskFull",
                "LogRotationFailed",
                "PortConflict",
                "BinaryMissing",
                "ModelMissing",
                "WorkingDirectoryMissing",
                "FileMissing",
                "SecretMissing",
                "FailedStart",
                "StateNotDurable",
                "CrashLoopBackOff",
                "BackOff",
                "DependencyNotReady",
                "BootLoopGuard"));
    }

    private static void assertExplained(Stream<String> words) throws IOException {
        String page = Files.readString(PAGE);
        assertThat(words.filter(word -> !page.contains("`" + word + "`")))
                .as("words that %s does not explain", PAGE)
                .isEmpty();
    }

    @Test
    void everyStateIsExplained() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(Arrays.stream(View.Word.values()).filter(word -> !page.contains("\n| " + word.text() + " | ")))
                .isEmpty();
    }

    @Test
    void linksBetweenPagesLeadSomewhere() throws IOException {
        try (Stream<Path> pages = Files.list(Path.of("docs"))) {
            for (Path page : (Iterable<Path>) pages.filter(p -> p.toString().endsWith(".md"))::iterator) {
                var links = Pattern.compile("]\\((?!https?:)([^)#]*)(?:#([^)]+))?\\)")
                        .matcher(Files.readString(page));
                for (var link : links.results().toList()) {
                    Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
                    assertThat(target).as("%s links to %s", page, link.group()).exists();
                    if (link.group(2) != null) {
                        assertThat(headings(target)).as("%s links to it", page).contains(link.group(2));
                    }
                }
            }
        }
    }

    private static Stream<String> headings(Path page) throws IOException {
        return Files.readString(page)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(java.util.Locale.ROOT)
                        .replaceAll("[^-a-z0-9 _]", "")
                        .replace(' ', '-'));
    }
}
