package mlxstack.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialects;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The published schema keeps what it promises to editors and to us. */
class SchemaTest {

    private static final JsonNode SCHEMA = SchemaText.full();

    /** Every schema of a field of ours, with its place. */
    private static void fields(BiConsumer<String, JsonNode> visitor) {
        visit("", SCHEMA, visitor);
        SCHEMA.path("$defs").properties().forEach(def -> visit(def.getKey(), def.getValue(), visitor));
    }

    private static void visit(String path, JsonNode schema, BiConsumer<String, JsonNode> visitor) {
        for (var property : schema.path("properties").properties()) {
            var place = path + "." + property.getKey();
            visitor.accept(place, property.getValue());
            visit(place, property.getValue(), visitor);
        }
        if (schema.path("items").isObject()) {
            visit(path + "[]", schema.path("items"), visitor);
        }
        if (schema.path("additionalProperties").isObject()) {
            visit(path + "{}", schema.path("additionalProperties"), visitor);
        }
    }

    private static JsonNode target(JsonNode schema) {
        var ref = schema.path("$ref").asString("");
        return ref.isEmpty() ? schema : SCHEMA.at(ref.substring(1));
    }

    @Test
    void isItselfValid() {
        var meta = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of(Dialects.getDraft202012().getId()));
        assertThat(meta.validate(JsonMapper.shared().readTree(SchemaText.json())))
                .isEmpty();
        assertThat(SCHEMA.path("$schema").asString()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
    }

    @Test
    void everyFieldIsExplained() {
        fields((place, schema) -> {
            assertThat(schema.has("title") || target(schema).has("title"))
                    .as(place + " has a title")
                    .isTrue();
            assertThat(schema.has("description") || target(schema).has("description"))
                    .as(place + " has a description")
                    .isTrue();
        });
    }

    @Test
    void everySimpleFieldHasAnExampleOrAFixedSetOfValues() {
        var lacking = new ArrayList<String>();
        fields((place, schema) -> {
            var type = target(schema).path("type");
            boolean simple =
                    !type.asString("").equals("object") && !type.asString("").equals("array");
            boolean shown = schema.has("examples")
                    || schema.has("default")
                    || target(schema).has("examples");
            if (simple && !shown && !target(schema).has("enum")) {
                lacking.add(place);
            }
        });
        assertThat(lacking).isEmpty();
    }

    @Test
    void noObjectTakesUnknownFields() {
        fields((place, schema) -> {
            if (schema.has("properties")) {
                assertThat(schema.path("additionalProperties").isBoolean())
                        .as(place)
                        .isTrue();
                assertThat(schema.path("additionalProperties").asBoolean())
                        .as(place)
                        .isFalse();
            }
        });
    }

    /** Defaults and examples pass the schema they stand in. */
    @Test
    void defaultsAndExamplesAreValid() {
        var registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        fields((place, schema) -> {
            var alone = JsonMapper.shared().createObjectNode();
            alone.set("$defs", SCHEMA.path("$defs"));
            schema.properties().forEach(keyword -> alone.set(keyword.getKey(), keyword.getValue()));
            var compiled = registry.getSchema(alone);
            var values = new ArrayList<JsonNode>();
            schema.path("examples").forEach(values::add);
            if (schema.has("default")) {
                values.add(schema.path("default"));
            }
            for (var value : values) {
                assertThat(compiled.validate(value)).as(place + ": " + value).isEmpty();
            }
        });
    }

    /** What the schema calls a default is what the parser fills in. */
    @Test
    void defaultsAreThoseOfTheParser() {
        var stack = Parsing.valid(Parsing.spec("""
                processes: [{name: p, command: [x], preStop: {exec: {command: [y]}}, reload: {exec: {command: [z]}}}]
                endpoints: [{name: e, engine: simulator, preStop: {exec: {command: [y]}}, reload: {exec: {command: [z]}}}]
                """));
        for (var workload : List.of(stack.workloads().get(0), stack.workloads().get(1))) {
            var view = JsonMapper.shared().valueToTree(WorkloadView.of(workload));
            var def = workload.kind() == Workload.Kind.ENDPOINT ? "endpoint" : "process";
            compare(def, SCHEMA.path("$defs").path(def), view);
        }
        var defaults = SCHEMA.path("$defs").path("defaults");
        compare(
                "defaults",
                defaults,
                JsonMapper.shared()
                        .valueToTree(WorkloadView.of(stack.workloads().get(1))));
    }

    private static void compare(String place, JsonNode schema, JsonNode view) {
        for (var property : schema.path("properties").properties()) {
            var name = property.getKey();
            var value = view.path(name);
            if (property.getValue().has("default")) {
                var expected = property.getValue().path("default");
                if (expected.isString() && Durations.parse(expected.asString()) != null) {
                    assertThat(Durations.parse(value.asString()))
                            .as(place + "." + name)
                            .isEqualTo(Durations.parse(expected.asString()));
                } else if (expected.isNumber()) {
                    assertThat(value.asDouble()).as(place + "." + name).isEqualTo(expected.asDouble());
                } else {
                    assertThat(value).as(place + "." + name).isEqualTo(expected);
                }
            }
            if (!name.equals("probes")) {
                compare(place + "." + name, target(property.getValue()), value);
            }
        }
    }

    /** {@link Previews} lists by hand what the schema marks, so that parsing needs no walk of the schema. */
    @Test
    void previewsAreThoseOfTheSchema() {
        var marked = new ArrayList<String>();
        fields((place, schema) -> {
            if (schema.path("x-stage").asString("").equals("preview")
                    || target(schema).path("x-stage").asString("").equals("preview")) {
                marked.add(place);
            }
            schema.path("x-preview-values").forEach(value -> marked.add(place + ": " + value.asString()));
        });
        assertThat(marked).containsExactly("rollout.strategy: Surge");
    }
}
