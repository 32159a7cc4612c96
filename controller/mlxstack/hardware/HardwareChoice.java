package mlxstack.hardware;

import io.vavr.control.Either;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which machine a command plans for: {@code --hardware}, else {@code MLXSTACK_HARDWARE}, else this one. Stateless. */
public final class HardwareChoice {

    public static final String VARIABLE = "MLXSTACK_HARDWARE";

    private HardwareChoice() {}

    /**
     * @param option an id such as {@code m4-max-128}, or a file that describes a machine; null when not given
     * @param environment of the user
     * @param directory that a relative file is sought from
     * @return the machine; or what to tell the user, one problem a line
     */
    public static Either<String, Hardware> of(
            @Nullable String option, Map<String, String> environment, Path directory, Detector here) {
        var wanted = option != null ? option : environment.getOrDefault(VARIABLE, "");
        if (wanted.isBlank()) {
            return Either.right(here.hardware());
        }
        var file = directory.resolve(wanted);
        return wanted.contains("/") || wanted.endsWith(".yaml") || Files.isRegularFile(file)
                ? HardwareFile.read(file)
                : Machines.named(wanted);
    }
}
