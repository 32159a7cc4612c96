package mlxstack.engine;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mlxstack.catalog.CatalogModel;
import mlxstack.spec.EngineKind;
import org.jspecify.annotations.Nullable;

/**
 * Which parsers of vllm-mlx fit a model, by the family its name tells. Names of parsers changed between releases: the
 * first one that the installed release knows is taken, and none when it knows none.
 *
 * @param tools best first
 * @param reasoning best first; empty for models that do not think aloud
 */
record Parsers(List<String> tools, List<String> reasoning) {

    private static final Parsers NONE = new Parsers(List.of(), List.of());

    private record Family(Pattern name, Parsers parsers) {
        Family(String name, List<String> tools, List<String> reasoning) {
            this(Pattern.compile(name), new Parsers(tools, reasoning));
        }
    }

    /** The first that is found in the name decides, so the special ones come first. */
    private static final List<Family> FAMILIES = List.of(
            new Family("deepseek-?r1|r1-distill", List.of("deepseek", "deepseek_r1"), List.of("deepseek_r1")),
            new Family("qwen3-?coder|qwen3\\.5-?coder", List.of("qwen3_xml", "qwen3_coder", "hermes"), List.of()),
            new Family("qwen3\\.[5-9]", List.of("qwen3_xml", "qwen3_coder", "hermes"), List.of("qwen3")),
            new Family("qwen3.*instruct", List.of("hermes", "qwen"), List.of()),
            new Family("qwen3", List.of("hermes", "qwen"), List.of("qwen3")),
            new Family("qwen2", List.of("hermes", "qwen"), List.of()),
            new Family("hermes", List.of("hermes"), List.of()),
            new Family("gpt-?oss", List.of("harmony", "gpt-oss"), List.of("gpt_oss", "harmony")),
            new Family("glm-?4", List.of("glm47", "glm4"), List.of("glm4")),
            new Family("gemma-?4", List.of("gemma4"), List.of("gemma4")),
            new Family("kimi|moonlight", List.of("kimi"), List.of()),
            new Family("minimax", List.of("minimax"), List.of()),
            new Family("granite", List.of("granite"), List.of()),
            new Family("functionary", List.of("functionary"), List.of()),
            new Family("xlam", List.of("xlam"), List.of()),
            new Family("deepseek", List.of("deepseek", "deepseek_v3"), List.of()),
            new Family("mistral|devstral|ministral|magistral", List.of("mistral"), List.of()),
            new Family("nemotron", List.of("nemotron", "hermes"), List.of()),
            new Family("llama-?[34]", List.of("llama", "llama3"), List.of()));

    /** With those that the catalog names after them; what it says of tools and thoughts counts more than a name. */
    Parsers or(@Nullable CatalogModel known) {
        if (known == null) {
            return this;
        }
        return new Parsers(
                known.tools().calling() ? joined(tools, known.tools().parsers(EngineKind.VLLM_MLX)) : List.of(),
                known.reasoning().thinks()
                        ? joined(reasoning, known.reasoning().parsers(EngineKind.VLLM_MLX))
                        : List.of());
    }

    private static List<String> joined(List<String> first, Stream<String> then) {
        return Stream.concat(first.stream(), then).distinct().toList();
    }

    /** @param model as written in the stack file; only the last part of a path or repository counts */
    static Parsers of(String model) {
        String name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return FAMILIES.stream()
                .filter(family -> family.name().matcher(name).find())
                .map(Family::parsers)
                .findFirst()
                .orElse(NONE);
    }
}
