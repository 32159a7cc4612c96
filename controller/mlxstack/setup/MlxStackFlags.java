package mlxstack.setup;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Flags of vllm-mlx as mlx-stack wrote them down, as arguments that work. Pure. */
final class MlxStackFlags {

    /** Of any release, aliases included. */
    private static final Set<String> TOOL_PARSERS = Set.of(
            "auto",
            "mistral",
            "qwen",
            "qwen3_coder",
            "qwen3_xml",
            "qwen3.5",
            "llama",
            "llama3",
            "llama4",
            "hermes",
            "nous",
            "deepseek",
            "deepseek_v3",
            "deepseek_r1",
            "kimi",
            "kimi_k2",
            "moonshot",
            "granite",
            "granite3",
            "nemotron",
            "nemotron3",
            "xlam",
            "functionary",
            "meetkai",
            "glm47",
            "glm4",
            "harmony",
            "gpt-oss",
            "gemma4",
            "minimax",
            "minimax_m2",
            "poolside_v1",
            "step3p5",
            "step",
            "generic");

    private static final Set<String> REASONING_PARSERS =
            Set.of("qwen3", "deepseek_r1", "harmony", "gpt_oss", "gemma4", "glm4", "mistral", "poolside_v1", "step3p5");

    /** Names it used that no release knows. */
    private static final Map<String, String> CORRECTED = Map.of("llama3_json", "llama", "llama3_pythonic", "llama");

    /** What the engine is told anyway. */
    private static final Set<String> OURS = Set.of("host", "port", "served-model-name", "enable-auto-tool-choice");

    private MlxStackFlags() {}

    /** @param notice told of everything that is not as it was */
    static List<String> args(Map<String, JsonNode> flags, Consumer<String> notice) {
        var args = new ArrayList<String>();
        flags.forEach((key, value) -> {
            String name = key.replace('_', '-');
            if (name.equals("tool-call-parser")) {
                parser(args, name, value.asString(""), TOOL_PARSERS, notice);
            } else if (name.equals("reasoning-parser")) {
                parser(args, name, value.asString(""), REASONING_PARSERS, notice);
            } else if (OURS.contains(name)) {
                if (name.equals("enable-auto-tool-choice") && !flags.containsKey("tool_call_parser")) {
                    notice.accept(
                            "--enable-auto-tool-choice without a parser ends vllm-mlx at once; the engine takes the"
                                    + " parser of the model's family");
                }
            } else if (value.isBoolean()) {
                if (value.asBoolean()) {
                    args.add("--" + name);
                }
            } else if (!value.isNull() && value.isValueNode()) {
                args.add("--" + name);
                args.add(value.asString());
            }
        });
        if (args.contains("--use-paged-cache") && !args.contains("--continuous-batching")) {
            args.remove("--use-paged-cache");
            notice.accept(
                    "--use-paged-cache does nothing without --continuous-batching and is left out; set concurrency to"
                            + " serve several requests at once");
        }
        return args;
    }

    private static void parser(
            List<String> args, String name, String parser, Set<String> known, Consumer<String> notice) {
        String corrected = CORRECTED.getOrDefault(parser, parser);
        if (known.contains(corrected)) {
            args.add("--" + name);
            args.add(corrected);
            if (!corrected.equals(parser)) {
                notice.accept("no release of vllm-mlx knows --%s %s; it is %s now".formatted(name, parser, corrected));
            }
        } else if (!parser.isEmpty()) {
            notice.accept(
                    "no release of vllm-mlx knows --%s %s; it is left out, and the engine takes that of the model's family"
                            .formatted(name, parser));
        }
    }
}
