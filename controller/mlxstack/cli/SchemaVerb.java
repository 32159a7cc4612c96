package mlxstack.cli;

import java.util.List;
import mlxstack.spec.SchemaText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "schema",
        header = "Print the JSON Schema of stack files",
        description = {
            "Editors complete and check a stack file that begins with: # yaml-language-server: $schema=PATH",
            "Also of the other files there are: `catalog` for a model of your own, `hardware` for a machine to plan for."
        },
        footer = {"mlxstackctl schema > stack.schema.json", "mlxstackctl schema catalog > catalog.schema.json"})
final class SchemaVerb implements Action {

    private static final List<String> FILES = List.of("stack", "catalog", "hardware");

    @Parameters(paramLabel = "FILE", arity = "0..1")
    String file = "stack";

    @Override
    public int run(Session session) throws InterruptedException {
        if (!FILES.contains(file)) {
            return session.fail("there is no schema of \"%s\"%s; there are: %s"
                    .formatted(file, Nearest.hint(file, FILES.stream()), String.join(", ", FILES)));
        }
        session.output().out(SchemaText.json(new SchemaText.Resource("/schema/" + file + ".schema.json")));
        return 0;
    }
}
