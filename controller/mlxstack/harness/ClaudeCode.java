package mlxstack.harness;

import static mlxstack.harness.Notes.map;

import java.util.ArrayList;
import java.util.List;

/** Claude Code: environment variables, kept in its settings. */
final class ClaudeCode extends Tool {

    ClaudeCode() {
        super("claude-code", "Claude Code", Dialect.MESSAGES, true, Role.MAIN, Role.STRONG, Role.FAST, Role.SUBAGENT);
    }

    @Override
    public Recipe recipe(Facts facts, Machine machine) {
        var used = facts.doing(roles());
        var known = used.stream().filter(m -> m.window() != null).toList();
        Integer window = known.isEmpty()
                ? null
                : known.stream().mapToInt(m -> m.window(0)).min().orElse(0);
        Integer output = known.isEmpty()
                ? null
                : known.stream().mapToInt(m -> m.output(m.window(0))).min().orElse(0);
        String main = facts.main().name();
        String fast = facts.of(Role.FAST).name();
        var env = map(
                "ANTHROPIC_BASE_URL",
                facts.root(),
                "ANTHROPIC_AUTH_TOKEN",
                facts.keyName() == null ? Facts.NO_KEY : null,
                "ANTHROPIC_MODEL",
                main,
                "ANTHROPIC_DEFAULT_OPUS_MODEL",
                facts.of(Role.STRONG).name(),
                "ANTHROPIC_DEFAULT_SONNET_MODEL",
                main,
                "ANTHROPIC_DEFAULT_HAIKU_MODEL",
                fast,
                // What the one above was called in versions 1.x; other tools read it still.
                "ANTHROPIC_SMALL_FAST_MODEL",
                fast,
                "CLAUDE_CODE_SUBAGENT_MODEL",
                facts.of(Role.SUBAGENT).name(),
                "CLAUDE_CODE_MAX_CONTEXT_TOKENS",
                window == null ? null : window.toString(),
                "CLAUDE_CODE_MAX_OUTPUT_TOKENS",
                output == null ? null : output.toString(),
                // A line that differs from call to call in front of every prompt: servers keep no prefix then.
                "CLAUDE_CODE_ATTRIBUTION_HEADER",
                "0",
                "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC",
                "1");
        var folder = machine.project()
                ? machine.directory().resolve(".claude")
                : machine.folder("CLAUDE_CONFIG_DIR", ".claude");
        var file = folder.resolve(machine.project() ? "settings.local.json" : "settings.json");
        var notes = new ArrayList<>(Notes.windows(
                used,
                window == null
                        ? "Claude Code assumes a million tokens then, and long conversations fail"
                        : "what is written is another model's"));
        if (window != null && known.stream().anyMatch(m -> m.window(0) != window)) {
            notes.add("it knows one window for all models: the smallest of them, %,d tokens".formatted(window));
        }
        if (window != null && window < 24_576) {
            notes.add("its instructions and tools alone take some 12,000 tokens: %,d leave little room"
                    .formatted(window));
        }
        notes.add("leave ANTHROPIC_API_KEY unset: it wins over what is written here");
        var variables = key(facts, "ANTHROPIC_AUTH_TOKEN");
        return new Recipe(
                List.of(new Recipe.Part(file, new JsonText(), map("env", env))),
                variables,
                notes,
                List.of("claude -p 'Say hello'"));
    }
}
