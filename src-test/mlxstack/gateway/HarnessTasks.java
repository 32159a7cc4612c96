package mlxstack.gateway;

import static mlxstack.gateway.Served.ready;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mlxstack.harness.Harnesses;
import mlxstack.harness.Machine;
import mlxstack.harness.Stacks;
import mlxstack.harness.Work;

/** A real tool does the {@link Task} through the gateway, with the files that the generator wrote for it. */
final class HarnessTasks {

    private HarnessTasks() {}

    static void done(HarnessTool tool, Path dir) throws Exception {
        Path home = Files.createDirectories(dir.resolve("home"));
        Path project = Files.createDirectories(dir.resolve("project"));
        Path file = project.resolve("note.txt");
        var model = new ScriptedModel(tool.tasks(file.toString()));
        try (var upstream = TestingUpstream.start(model);
                var gateway = GatewayProcess.start(dir, backend("primary", upstream), backend("fast", upstream));
                var recorder = new Recorder(gateway.port());
                var between = TestingUpstream.start(recorder)) {
            var harness = Objects.requireNonNull(Harnesses.named(tool.harness));
            var machine = new Machine(home, project, Map.of(), false, false);
            var recipe = harness.recipe(Stacks.facts(tool.harness, between.port(), ""), machine);
            assertThat(Work.in(dir.resolve("mlxstack"), harness, machine, recipe)
                            .flatMap(Work::write)
                            .get())
                    .isNotEmpty();
            String said = tool.run(dir);
            var requests =
                    recorder.exchanges().stream().map(JsonObject.class::cast).toList();
            var asked = requests.stream().map(HarnessTasks::line).toList();
            if (tool == HarnessTool.AIDER) {
                // It has no tools: that it was answered is all there is to see.
                assertThat(said).contains("You said");
            } else {
                assertThat(file)
                        .as("%s said:%n%s%nand asked %s", tool, said, asked)
                        .content()
                        .isEqualTo(Task.LINE + "\n");
                assertThat(said).contains(Task.ANSWER);
            }
            var calls = requests.stream()
                    .filter(r -> r.getString("request").split("[ ?]")[1].equals(tool.path))
                    .toList();
            assertThat(calls).as("asked: %s", asked).isNotEmpty().allSatisfy(call -> {
                assertThat(call.getInteger("status")).isEqualTo(200);
                assertThat(call.getJsonObject("body").getString("model")).isIn("primary", "fast");
            });
        }
    }

    private static String line(JsonObject exchange) {
        var body = exchange.getJsonObject("body");
        return exchange.getString("request") + " " + exchange.getInteger("status")
                + (body == null
                        ? ""
                        : " " + body.getString("model") + " " + tools(body.getJsonArray("tools", new JsonArray())));
    }

    private static List<String> tools(JsonArray tools) {
        return tools.stream()
                .map(JsonObject.class::cast)
                .map(tool -> tool.getJsonObject("function", tool))
                .map(tool -> tool.getString("name") + "("
                        + String.join(
                                ",",
                                tool.getJsonObject("parameters", new JsonObject())
                                        .getJsonObject("properties", new JsonObject())
                                        .fieldNames())
                        + ")")
                .toList();
    }

    private static JsonObject backend(String name, TestingUpstream upstream) {
        return ready(name, upstream.port()).put("speaks", JsonArray.of("chat"));
    }
}
