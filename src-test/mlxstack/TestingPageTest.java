package mlxstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page on tests names every scenario that a test is about, and only tests that are about it. */
class TestingPageTest {

    private static final Path PAGE = Path.of("docs/testing.md");
    private static final Path TESTS = Path.of("src-test");

    /** What JUnit shows of a test, or the name of its method. */
    private static final Pattern NAMED = Pattern.compile(
            "(?:@DisplayName\\(|@ParameterizedTest\\(\\s*name\\s*=|@RepeatedTest\\([^)]*name\\s*=)\\s*\"([^\"]*)\"|\\bvoid (\\w+)\\(");

    private static final Pattern ID = Pattern.compile("(?<![A-Za-z0-9])([RASLGPraslgp][0-9]{2})(?![0-9])");
    private static final Pattern ROW = Pattern.compile("^\\| ([A-Z][0-9]{2}) \\| (.*) \\| ?(.*?) ?\\|$");

    /** Simple names of the test classes that are about each scenario, by id. */
    private static Map<String, Set<String>> inTests() throws IOException {
        var found = new TreeMap<String, Set<String>>();
        try (Stream<Path> files = Files.walk(TESTS)) {
            for (Path file : (Iterable<Path>) files.filter(f -> f.toString().endsWith(".java"))::iterator) {
                String name = String.valueOf(file.getFileName()).replace(".java", "");
                for (var named : NAMED.matcher(Files.readString(file)).results().toList()) {
                    String text = named.group(1) == null ? named.group(2) : named.group(1);
                    for (var id : ID.matcher(text).results().toList()) {
                        found.computeIfAbsent(id.group(1).toUpperCase(Locale.ROOT), _ -> new TreeSet<>())
                                .add(name);
                    }
                }
            }
        }
        return found;
    }

    private static Map<String, List<String>> onPage() throws IOException {
        var rows = new LinkedHashMap<String, List<String>>();
        for (String line : Files.readAllLines(PAGE)) {
            var row = ROW.matcher(line);
            if (row.matches()) {
                var classes = new ArrayList<String>();
                Pattern.compile("`(\\w+)`").matcher(row.group(3)).results().forEach(c -> classes.add(c.group(1)));
                rows.put(row.group(1), classes);
            }
        }
        return rows;
    }

    private static void write() throws IOException {
        var tests = inTests();
        var lines = new ArrayList<String>();
        for (String line : Files.readAllLines(PAGE)) {
            var row = ROW.matcher(line);
            if (!row.matches()) {
                lines.add(line);
                continue;
            }
            String classes = tests.getOrDefault(row.group(1), Set.of()).stream()
                    .map(name -> "`" + name + "`")
                    .collect(Collectors.joining(", "));
            lines.add("| %s | %s | %s |".formatted(row.group(1), row.group(2), classes));
        }
        Files.write(PAGE, lines);
    }

    @Test
    void everyScenarioHasItsRowAndEveryTestNamedThereIsAboutIt() throws IOException {
        if ("write".equals(System.getProperty("mlxstack.docs"))) {
            write();
        }
        var tests = inTests();
        var page = onPage();
        var advice =
                "%s: give new ids a row, then: mvn test -Dtest=TestingPageTest -Dmlxstack.docs=write".formatted(PAGE);
        assertThat(tests).as("the patterns still find them").containsKeys("R01", "G04", "L05", "P07");
        assertThat(page.keySet()).as(advice).containsAll(tests.keySet());
        page.forEach((id, classes) -> {
            var about = tests.getOrDefault(id, Set.of());
            assertThat(about).as("%s; tests about %s", advice, id).containsAll(classes);
        });
    }
}
