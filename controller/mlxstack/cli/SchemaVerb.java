package mlxstack.cli;

import mlxstack.spec.SchemaText;
import picocli.CommandLine.Command;

@Command(
        name = "schema",
        header = "Print the JSON Schema of stack files",
        description = "Editors complete and check a stack file that begins with: # yaml-language-server: $schema=PATH",
        footer = "mlxstackctl schema > stack.schema.json")
final class SchemaVerb implements Action {

    @Override
    public int run(Session session) throws InterruptedException {
        session.output().out(SchemaText.json());
        return 0;
    }
}
