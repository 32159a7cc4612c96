package mlxstack.harness;

import java.util.List;

/** Programs for frameworks without configuration files: one function a role. Stateless. */
final class PythonText {

    private PythonText() {}

    /** @param body after the imports; {@code BASE_URL} and {@code KEY} are there */
    static String module(Harness harness, Facts facts, String imports, String body, List<String> functions) {
        String key = facts.keyName() == null
                ? "KEY = " + Rendered.json(Facts.NO_KEY) + "  # the gateway asks for none, the client for some"
                : "KEY = os.environ[" + Rendered.json(facts.keyName()) + "]";
        return "%s %s; what is changed here is lost.\n".formatted(WholeText.MARK, harness.name())
                + "\"\"\"The models of the gateway for %s, one function a role.\"\"\"\n\n".formatted(harness.title())
                + (facts.keyName() == null ? "" : "import os\n\n")
                + imports
                + "\nBASE_URL = " + Rendered.json(facts.v1()) + "\n" + key + "\n\n\n"
                + body
                + "\n\n"
                + String.join("\n\n", functions);
    }

    /** What a person is told of a model. */
    static String doc(Role role, Model model) {
        return "\"\"\"%s%s: %s, %s.\"\"\""
                .formatted(
                        role.meaning().substring(0, 1).toUpperCase(java.util.Locale.ROOT),
                        role.meaning().substring(1),
                        model.name(),
                        model.window() == null ? "context window not known" : "%,d tokens".formatted(model.window()));
    }
}
