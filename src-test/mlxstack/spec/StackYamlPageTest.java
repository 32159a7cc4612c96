package mlxstack.spec;

import static mlxstack.spec.Parsing.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page on the file format says what the schema and the code say. */
class StackYamlPageTest {

    private static final Path PAGE = Path.of("docs/stack-yaml.md");

    @Test
    void thePageIsTheOneTheSchemaGives() throws IOException {
        var text = StackYamlPage.text();
        if ("write".equals(System.getProperty("mlxstack.docs"))) {
            Files.writeString(PAGE, text);
        }
        assertThat(PAGE)
                .as("%s is generated; write it anew by: mvn test -Dtest=StackYamlPageTest -Dmlxstack.docs=write", PAGE)
                .hasContent(text);
    }

    @Test
    void nothingOfTheSchemaIsLeftOut() {
        var all = new LinkedHashSet<>(SchemaText.full().path("$defs").propertyNames());
        // Names within mappings; what they look like is told when they are wrong.
        all.remove("labelKey");
        all.remove("envName");
        assertThat(StackYamlPage.explained()).containsExactlyInAnyOrderElementsOf(all);
        var text = StackYamlPage.text();
        fields("", SchemaText.full(), text);
        SchemaText.full().path("$defs").properties().stream()
                // References to secrets are told of as one kind of value.
                .filter(def -> !def.getKey().equals("secret") && !def.getKey().equals("envValue"))
                .forEach(def -> fields(def.getKey() + ".", def.getValue(), text));
    }

    private static void fields(String place, tools.jackson.databind.JsonNode schema, String text) {
        for (var field : schema.path("properties").properties()) {
            var name = field.getKey();
            assertThat(text).as(place + name).containsPattern("`([a-zA-Z.\\[\\]]+[.])?" + name + "`");
            var description = field.getValue().path("description").asString("");
            assertThat(text).as(place + name).contains(description.replace("|", "\\|"));
            fields(place + name + ".", field.getValue(), text);
        }
    }

    @Test
    void linksLeadSomewhere() {
        var text = StackYamlPage.text();
        var links = Pattern.compile("]\\(#([^)]+)\\)").matcher(text);
        var headings = new LinkedHashSet<String>();
        text.lines()
                .filter(line -> line.startsWith("## "))
                .forEach(line -> headings.add(line.substring(3)
                        .toLowerCase(java.util.Locale.ROOT)
                        .replaceAll("[^-a-z0-9 ]", "")
                        .replace(' ', '-')));
        assertThat(links.results().map(link -> link.group(1)).distinct())
                .isNotEmpty()
                .isSubsetOf(headings);
    }

    @Test
    void theExampleIsValidAndActedOn() {
        var text = StackYamlPage.text();
        int from = text.indexOf("```yaml\n") + 8;
        var stack = valid(text.substring(from, text.indexOf("```", from)));
        assertThat(stack.previews()).isEmpty();
        assertThat(stack.workloads())
                .extracting(Workload::name)
                .containsExactly("primary", "fast", "spare", "open-webui", "index", "gateway");
    }
}
