package mlxstack.cli;

import mlxstack.api.Plain;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "why",
        header = "Explain why something is as it is",
        description = "Says which decisions led here, what is waited for, and what would change it.",
        footer = {"# Why does it not start?", "mlxstackctl why primary"})
final class WhyVerb implements Action {

    @Parameters(paramLabel = "NAME", arity = "1")
    String name = "";

    @Override
    public int run(Session session) throws InterruptedException {
        var resolved = Names.one(session, name);
        if (resolved.isLeft()) {
            return resolved.getLeft();
        }
        for (String line : session.plane().why(resolved.get())) {
            session.line(Plain.line(line));
        }
        return 0;
    }
}
