package mlxstack.spec;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the restart-class fields of one workload, defaults already merged under it. Confined to one parse. */
record TemplateReader(Values values, Function<Path, String> digest) {

    Template endpoint(Cursor at) {
        var engine = switch (at.field("engine").text("")) {
            case "vllm-mlx" -> EngineKind.VLLM_MLX;
            case "mlx-lm" -> EngineKind.MLX_LM;
            case "llama-server" -> EngineKind.LLAMA_SERVER;
            case "ollama" -> EngineKind.OLLAMA;
            case "simulator" -> EngineKind.SIMULATOR;
            default -> EngineKind.COMMAND;
        };
        return read(at, engine, at.field("port").integer(), List.of());
    }

    Template process(Cursor at) {
        var ports =
                at.field("ports").items().stream().map(port -> port.integer(0)).toList();
        return read(at, EngineKind.COMMAND, null, ports);
    }

    private Template read(Cursor at, EngineKind engine, @Nullable Integer port, List<Integer> ports) {
        var model = at.field("model").text();
        var directory = at.field("workingDirectory").text();
        return new Template(
                engine,
                model == null ? null : values.paths().absoluteIfMeant(model),
                values.command(at.field("command")),
                at.field("args").texts(),
                values.env(at.field("env")),
                at.field("envFrom").items().stream()
                        .map(item -> values.paths().absolute(item.field("file").text("")))
                        .toList(),
                directory == null ? null : values.paths().absolute(directory),
                port,
                ports,
                at.field("contextWindow").integer(),
                at.field("concurrency").integer(),
                triggers(at.field("restartTriggers")));
    }

    private Map<String, String> triggers(Cursor at) {
        var triggers = new TreeMap<String, String>();
        for (var item : at.items()) {
            var path = values.paths().absolute(item.text(""));
            try {
                triggers.put(path, digest.apply(Path.of(path)));
            } catch (InvalidPathException e) {
                values.complain(item, "found " + Found.quoted(item.text("")) + "; expected the path of a file");
            }
        }
        return triggers;
    }
}
