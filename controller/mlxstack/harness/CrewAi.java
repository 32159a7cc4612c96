package mlxstack.harness;

import static mlxstack.harness.Notes.map;

import java.util.ArrayList;
import java.util.List;

/** CrewAI: one address for all agents, in the project's environment, and one name an agent. */
final class CrewAi extends Tool {

    CrewAi() {
        super("crewai", "CrewAI", Dialect.CHAT, false, Role.MAIN, Role.STRONG, Role.FAST);
    }

    @Override
    public boolean local() {
        return true;
    }

    @Override
    public Recipe recipe(Facts facts, Machine machine) {
        var notes = new ArrayList<String>();
        notes.add("agents that name no model get this one; for others write into config/agents.yaml: llm: "
                + reference(facts.main()));
        if (facts.differs(Role.STRONG)) {
            notes.add("for Crew(manager_llm=..., planning_llm=...): " + reference(facts.of(Role.STRONG)));
        }
        if (facts.differs(Role.FAST)) {
            notes.add("for function_calling_llm: " + reference(facts.of(Role.FAST)));
        }
        notes.add("`crewai run` reads .env; a program of your own does with dotenv.load_dotenv()");
        notes.add("it never streams: a long prompt is silent for as long as it takes");
        notes.add("CREWAI_DISABLE_TELEMETRY=true and OTEL_SDK_DISABLED=true keep it from reporting");
        return new Recipe(
                List.of(new Recipe.Part(
                        machine.directory().resolve(".env"),
                        new EnvText(),
                        map("VLLM_BASE_URL", facts.v1(), "MODEL", reference(facts.main())))),
                key(facts, "VLLM_API_KEY"),
                notes,
                List.of("crewai run"));
    }

    /** By the provider that takes any name; plain {@code openai/} would need further packages. */
    private static String reference(Model model) {
        return "hosted_vllm/" + model.name();
    }
}
