package mlxstack.harness;

import static mlxstack.harness.Notes.map;

import java.util.ArrayList;
import java.util.List;

/** Pydantic AI: a module to import, for it has no configuration file. */
final class PydanticAi extends Tool {

    PydanticAi() {
        super(
                "pydantic-ai",
                "Pydantic AI",
                Dialect.CHAT,
                false,
                Role.MAIN,
                Role.STRONG,
                Role.FAST,
                Role.LONG,
                Role.VISION);
    }

    @Override
    public boolean local() {
        return true;
    }

    @Override
    public Recipe recipe(Facts facts, Machine machine) {
        var functions = new ArrayList<String>();
        for (Role role : roles()) {
            var model = facts.model(role);
            if (model != null) {
                functions.add("""
                        def %s() -> OpenAIChatModel:
                            %s
                            return chat(%s, %s)
                        """.formatted(
                                role.word(),
                                PythonText.doc(role, model),
                                Rendered.json(model.name()),
                                model.output() == null ? "None" : model.output()));
            }
        }
        String text = PythonText.module(this, facts, """
                from pydantic_ai.models.openai import OpenAIChatModel
                from pydantic_ai.providers.openai import OpenAIProvider
                from pydantic_ai.settings import ModelSettings
                """, """
                def chat(model: str, output: int | None) -> OpenAIChatModel:
                    return OpenAIChatModel(
                        model,
                        provider=OpenAIProvider(base_url=BASE_URL, api_key=KEY),
                        settings=None if output is None else ModelSettings(max_tokens=output),
                    )
                """, functions);
        return new Recipe(
                List.of(new Recipe.Part(
                        machine.directory().resolve("mlxstack_pydantic_ai.py"),
                        new WholeText(),
                        map(WholeText.TEXT, text))),
                key(facts, String.valueOf(facts.keyName())),
                Notes.windows(facts.doing(roles()), "nothing limits what is sent"),
                List.of("python -c 'import mlxstack_pydantic_ai as m; from pydantic_ai import Agent;"
                        + " print(Agent(m.main()).run_sync(\"Say hello\").output)'"));
    }
}
