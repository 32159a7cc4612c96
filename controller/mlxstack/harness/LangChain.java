package mlxstack.harness;

import static mlxstack.harness.Notes.map;

import java.util.ArrayList;
import java.util.List;

/** LangChain and LangGraph: a module to import, for they have no configuration files. */
final class LangChain extends Tool {

    LangChain() {
        super(
                "langchain",
                "LangChain and LangGraph",
                Dialect.CHAT,
                false,
                Role.MAIN,
                Role.STRONG,
                Role.FAST,
                Role.LONG,
                Role.VISION,
                Role.EMBEDDINGS);
    }

    @Override
    public boolean local() {
        return true;
    }

    @Override
    public Recipe recipe(Facts facts, Machine machine) {
        var functions = new ArrayList<String>();
        boolean embeds = facts.model(Role.EMBEDDINGS) != null;
        for (Role role : roles()) {
            var model = facts.model(role);
            if (model == null) {
                continue;
            }
            functions.add(
                    role == Role.EMBEDDINGS
                            ? """
                            def embeddings(**options) -> OpenAIEmbeddings:
                                %s
                                return OpenAIEmbeddings(
                                    model=%s, base_url=BASE_URL, api_key=KEY, check_embedding_ctx_length=False, **options
                                )
                            """.formatted(PythonText.doc(role, model), Rendered.json(model.name()))
                            : """
                            def %s(**options) -> ChatOpenAI:
                                %s
                                return chat(%s, %s, %s, **options)
                            """.formatted(
                                            role.word(),
                                            PythonText.doc(role, model),
                                            Rendered.json(model.name()),
                                            model.window() == null ? "None" : model.window(),
                                            model.output() == null ? "None" : model.output()));
        }
        String text = PythonText.module(
                this,
                facts,
                "from langchain_openai import ChatOpenAI" + (embeds ? ", OpenAIEmbeddings" : "") + "\n",
                """
                def chat(model: str, window: int | None, output: int | None, **options) -> ChatOpenAI:
                    if window is not None and output is not None:
                        options.setdefault("max_tokens", output)
                        options.setdefault("profile", {"max_input_tokens": window - output, "max_output_tokens": output})
                    # With an address of one's own it does not ask for the tokens of a stream by itself.
                    options.setdefault("stream_usage", True)
                    return ChatOpenAI(model=model, base_url=BASE_URL, api_key=KEY, **options)
                """,
                functions);
        return new Recipe(
                List.of(new Recipe.Part(
                        machine.directory().resolve("mlxstack_langchain.py"),
                        new WholeText(),
                        map(WholeText.TEXT, text))),
                key(facts, String.valueOf(facts.keyName())),
                Notes.windows(facts.doing(roles()), "nothing limits what is sent"),
                List.of("python -c 'import mlxstack_langchain as m; print(m.main().invoke(\"Say hello\").content)'"));
    }
}
