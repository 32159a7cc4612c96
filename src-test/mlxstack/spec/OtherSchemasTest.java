package mlxstack.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The schemas of smaller files, and how their mistakes are told. */
class OtherSchemasTest {

    @ParameterizedTest
    @ValueSource(strings = {"catalog", "hardware"})
    void everyFieldIsExplainedAndUnknownOnesAreRefused(String name) {
        var schema = new SchemaText.Resource("/schema/" + name + ".schema.json").full();
        var meta = SchemaRegistry.withDefaultDialect(Dialects.getDraft202012())
                .getSchema(SchemaLocation.of(Dialects.getDraft202012().getId()));
        assertThat(meta.validate(schema)).isEmpty();
        explained(schema);
        assertThat(schema.path("$id").asString()).endsWith("/" + name + ".schema.json");
    }

    private static void explained(JsonNode schema) {
        if (schema.path("type").asString("").equals("object")) {
            assertThat(schema.path("additionalProperties").asBoolean(true)).isFalse();
        }
        schema.path("properties").properties().forEach(field -> {
            assertThat(field.getValue().path("title").asString(""))
                    .as(field.getKey())
                    .isNotEmpty();
            assertThat(field.getValue().path("description").asString(""))
                    .as(field.getKey())
                    .endsWith(".");
            explained(field.getValue());
            explained(field.getValue().path("items"));
        });
    }

    @Test
    void mistakesAreToldAllAtOnceWithTheirPlaces() {
        var document = new YamlDocument("/schema/catalog.schema.json");
        var problems = document.parse("""
                id: Qwen3
                name: Qwen3
                family: qwen3
                parameters: {total: 8, active: all}
                contextWindow: 32k
                contextWindow: 1
                sources:
                  - {format: safetensors, repo: no-owner, quant: 4bit}
                tools: {calling: true, parsers: [{engine: vllm, parser: hermes}]}
                """.getBytes(StandardCharsets.UTF_8), Path.of("mine.yaml"))
                .getError();

        assertThat(problems.map(Problem::toString))
                .anySatisfy(
                        line -> assertThat(line).startsWith("mine.yaml:1:5: id: found \"Qwen3\"; expected lower-case"))
                .anySatisfy(line -> assertThat(line).startsWith("mine.yaml:4:32: parameters.active: found \"all\""))
                .anySatisfy(line -> assertThat(line).startsWith("mine.yaml:6:1: contextWindow: duplicate field"))
                .anySatisfy(line -> assertThat(line)
                        .startsWith(
                                "mine.yaml:8:14: sources[0].format: found \"safetensors\"; expected one of mlx, gguf"))
                .anySatisfy(line -> assertThat(line)
                        .startsWith(
                                "mine.yaml:8:33: sources[0].repo: found \"no-owner\"; expected a repository such as"))
                .anySatisfy(
                        line -> assertThat(line)
                                .contains(
                                        "tools.parsers[0].engine: found \"vllm\"; expected one of vllm-mlx, mlx-lm, llama-server"));
    }
}
