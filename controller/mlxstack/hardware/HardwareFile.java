package mlxstack.hardware;

import io.vavr.control.Either;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import mlxstack.spec.Problem;
import mlxstack.spec.Quantities;
import mlxstack.spec.YamlDocument;
import tools.jackson.databind.JsonNode;

/** A machine described in a file, checked against {@code schema/hardware.schema.json}. Stateless. */
final class HardwareFile {

    private static final String SCHEMA = "/schema/hardware.schema.json";

    private HardwareFile() {}

    /** @return the machine; or one line a problem */
    static Either<String, Hardware> read(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            return Either.left("the hardware file %s cannot be read; expected a file, or an id such as m4-max-128"
                    .formatted(file));
        }
        return new YamlDocument(SCHEMA)
                .parse(bytes, file)
                .map(HardwareFile::hardware)
                .mapError(problems -> problems.map(Problem::toString).mkString("\n"))
                .toEither();
    }

    private static Hardware hardware(JsonNode at) {
        var chip = at.path("chip").asString("");
        long memory = bytes(at.path("memory"));
        var cores = at.has("gpuCores") ? (Integer) at.path("gpuCores").asInt() : null;
        var apple = AppleChips.name(chip);
        var base = apple.isPresent()
                ? Machines.mac(apple.get(), cores, memory, 0)
                : Machines.other(
                        chip, at.has("gpu") ? at.path("gpu").asString("") : null, memory, bytes(at.path("gpuMemory")));
        return new Hardware(
                at.path("id").asString(base.id()).toLowerCase(Locale.ROOT),
                base.platform(),
                base.chip(),
                "",
                at.path("cpuCores").asInt(base.cpuCores()),
                null,
                base.gpu(),
                base.gpuCores(),
                memory,
                at.has("gpuMemory") ? bytes(at.path("gpuMemory")) : base.gpuLimitBytes(),
                at.path("bandwidth").asDouble(base.bandwidth()),
                !at.has("bandwidth") && base.bandwidthEstimated());
    }

    private static long bytes(JsonNode at) {
        var bytes = Quantities.bytes(at.asString("0"));
        return bytes == null ? 0 : bytes;
    }
}
