package mlxstack.gateway;

import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What every client is asked to do: write a line into a file, read it back, and say what it says. How that is done
 * depends on the tools that the client offers; a model that is scripted knows them all.
 *
 * @param calls one a turn
 */
public record Task(String tool, List<Call> calls) {

    public static final String LINE = "mlxstack was here";
    public static final String ANSWER = "The file says: " + LINE;

    /** @param arguments as a model writes them */
    public record Call(String tool, JsonObject arguments) {}

    /**
     * For each client its own way.
     *
     * @param file absolute, or relative to where the client runs
     */
    public static List<Task> all(String file) {
        return List.of(
                // The programs in peers/clients
                task(call("write_file", "path", file, "content", LINE + "\n"), call("read_file", "path", file)),
                // Claude Code
                task(call("Write", "file_path", file, "content", LINE + "\n"), call("Read", "file_path", file)),
                // opencode; a server that holds a model to the schema holds it to the order of the properties as well
                task(call("write", "content", LINE + "\n", "filePath", file), call("read", "filePath", file)),
                // Codex has but a shell
                task(
                        call("exec_command", "cmd", "echo " + LINE + " > " + file),
                        call("exec_command", "cmd", "cat " + file)));
    }

    static Task task(Call write, Call read) {
        return new Task(write.tool(), List.of(write, read));
    }

    static Call call(String tool, String... arguments) {
        var json = new JsonObject();
        for (int i = 0; i < arguments.length; i += 2) {
            json.put(arguments[i], arguments[i + 1]);
        }
        return new Call(tool, json);
    }

    /** The one that can be done with these tools. */
    static Optional<Task> with(Collection<String> tools, List<Task> all) {
        return all.stream().filter(task -> tools.contains(task.tool())).findFirst();
    }
}
