package mlxstack.spec;

import io.vavr.collection.Seq;
import io.vavr.control.Validation;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/**
 * Any file of ours that has a schema: strict YAML, then the schema, mistakes told as those of {@code stack.yaml} are.
 * Keeps the compiled schema; safe for several threads.
 */
public final class YamlDocument {

    private final SchemaCheck schema;

    /** @param resource of the schema, as in {@code /schema/catalog.schema.json} */
    public YamlDocument(String resource) {
        schema = new SchemaCheck(new SchemaText.Resource(resource));
    }

    /** @return the tree, mappings in file order; or at least one problem, in file order */
    public Validation<Seq<Problem>, JsonNode> parse(byte[] bytes, Path file) {
        var problems = new Problems(file.toString());
        var root = YamlReader.read(bytes, problems);
        if (root != null) {
            schema.check(root, problems);
        }
        return problems.isEmpty() && root != null
                ? Validation.valid(SchemaCheck.json(root))
                : Validation.invalid(problems.result());
    }

    /** Without a schema: for files that were checked when they were packaged. */
    public static Validation<Seq<Problem>, JsonNode> unchecked(byte[] bytes, Path file) {
        var problems = new Problems(file.toString());
        var root = YamlReader.read(bytes, problems);
        return problems.isEmpty() && root != null
                ? Validation.valid(SchemaCheck.json(root))
                : Validation.invalid(problems.result());
    }
}
