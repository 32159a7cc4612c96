package mlxstack.cli;

import java.io.IOException;
import picocli.CommandLine.Command;

@Command(
        name = "schema",
        header = "Print the JSON Schema of stack files",
        description = "Editors complete and check a stack file that begins with: # yaml-language-server: $schema=PATH",
        footer = "mlxstackctl schema > stack.schema.json")
final class SchemaVerb implements Action {

    @Override
    public int run(Session session) throws InterruptedException {
        try (var in = SchemaVerb.class.getResourceAsStream("/schema/stack.schema.json")) {
            if (in == null) {
                return session.fail("this build holds no schema; build it again with 'mvn package'");
            }
            session.output().out(in.readAllBytes());
            return 0;
        } catch (IOException e) {
            return session.fail("cannot read the schema: " + e.getMessage());
        }
    }
}
