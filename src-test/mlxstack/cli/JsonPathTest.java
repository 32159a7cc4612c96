package mlxstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonPathTest {

    private static final JsonNode ROOT = JsonMapper.shared().readTree("""
            {"kind": "List", "n": 1, "o": {"a": [1, 2]}, "labels": {"mlxstack.dev/kind": "x"}, "items": [
              {"name": "a", "n": 5, "ready": true, "c": [{"type": "Ready", "status": "True"}, {"type": "Other"}]},
              {"name": "b", "n": 12, "c": [{"type": "Ready", "status": "False"}]},
              {"name": "c", "n": 7}]}
            """);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true,
            value = {
                "{.kind} | List",
                ".kind | List",
                "kind | List",
                "{$.kind} | List",
                "{.items[*].name} | a b c",
                "{.items[0].name} | a",
                "{.items[-1].name} | c",
                "{.items[1:].name} | b c",
                "{.items[:2].name} | a b",
                "{.items[?(@.name==\"b\")].n} | 12",
                "{.items[?(@.n>6)].name} | b c",
                "{.items[?(@.n<=7)].name} | a c",
                "{.items[?(@.ready)].name} | a",
                "{.items[?(@.name!='b')].name} | a c",
                "{.items[*].c[?(@.type==\"Ready\")].status} | True False",
                "{..status} | True False",
                "{.o} | {\"a\":[1,2]}",
                "{['kind']} | List",
                "{.labels['mlxstack.dev/kind']} | x",
                "{.labels.mlxstack\\.dev/kind} | x",
                "{.nothing.here} | ''",
                "n={.n}; | n=1;",
                "{range .items[*]}{.name}{\"=\"}{.n}{\",\"}{end} | a=5,b=12,c=7,",
                "{range .items[*]}{.name}{':'}{$.n}{' '}{end}{\"}\"} | 'a:1 b:1 c:1 }'"
            })
    void values(String template, String text) {
        assertThat(JsonPath.parse(template).get().render(ROOT)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{.a", "{.items[}", "{.items[x]}", "{range .items[*]}", "{end}", "{.items[?(x)]}", "{a b}"})
    void whatCannotBeReadIsNamed(String template) {
        var parsed = JsonPath.parse(template);
        assertThat(parsed.isLeft()).isTrue();
        assertThat(parsed.getLeft()).startsWith("error parsing jsonpath " + template);
    }
}
