package mlxstack.harness;

import static mlxstack.harness.Notes.map;

import java.util.ArrayList;
import java.util.List;

/** Open WebUI: environment variables, for {@code envFrom} of a process in the stack file or for a container. */
final class OpenWebUi extends Tool {

    OpenWebUi() {
        super("open-webui", "Open WebUI", Dialect.CHAT, false, Role.MAIN, Role.FAST, Role.EMBEDDINGS);
    }

    @Override
    public boolean local() {
        return true;
    }

    @Override
    public Recipe recipe(Facts facts, Machine machine) {
        var embedding = facts.model(Role.EMBEDDINGS);
        var wanted = map(
                "OPENAI_API_BASE_URL",
                facts.v1(),
                "OPENAI_API_KEY",
                facts.keyName() == null ? Facts.NO_KEY : null,
                "ENABLE_OLLAMA_API",
                "false",
                "DEFAULT_MODELS",
                facts.main().name(),
                "TASK_MODEL_EXTERNAL",
                facts.differs(Role.FAST) ? facts.of(Role.FAST).name() : null,
                "RAG_EMBEDDING_ENGINE",
                embedding == null ? null : "openai",
                "RAG_EMBEDDING_MODEL",
                embedding == null ? null : embedding.name(),
                "RAG_OPENAI_API_BASE_URL",
                embedding == null ? null : facts.v1());
        var notes = new ArrayList<String>();
        notes.add("these count only at the first start with an empty database; later what its settings page says does");
        notes.add("as a process of the stack: envFrom: [{file: open-webui.env}], as in examples/open-webui.yaml");
        if (facts.keyName() != null) {
            notes.add("and env: {OPENAI_API_KEY: {env: " + facts.keyName() + "}} beside it");
        }
        return new Recipe(
                List.of(new Recipe.Part(machine.directory().resolve("open-webui.env"), new EnvText(), wanted)),
                key(facts, "OPENAI_API_KEY"),
                notes,
                List.of("open-webui serve, with these variables; its list of models has "
                        + facts.main().name()));
    }
}
