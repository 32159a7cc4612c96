package mlxstack.harness;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** All tools there are recipes for. */
public final class Harnesses {

    public static final List<Harness> ALL = List.of(
            new Hermes(),
            new CrewAi(),
            new OpenCode(),
            new Codex(),
            new ClaudeCode(),
            new OpenClaw(),
            new Aider(),
            new ContinueDev(),
            new Zed(),
            new Goose(),
            new QwenCode(),
            new Cline(),
            new LangChain(),
            new PydanticAi(),
            new OpenWebUi());

    private Harnesses() {}

    public static @Nullable Harness named(String name) {
        return ALL.stream().filter(h -> h.name().equals(name)).findFirst().orElse(null);
    }

    public static List<String> names() {
        return ALL.stream().map(Harness::name).toList();
    }
}
