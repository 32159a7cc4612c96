package mlxstack.spec;

import java.time.Duration;
import java.util.List;

/** A command that is run beside the workload, with its environment and working directory. */
public record ExecAction(List<String> command, Duration timeout) {
    public ExecAction {
        command = List.copyOf(command);
    }
}
