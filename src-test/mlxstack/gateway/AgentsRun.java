package mlxstack.gateway;

import static mlxstack.gateway.Served.ready;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Real coding agents through the gateway's process. Not among the tests of every build, for they are large: {@code
 * .ci/peers} runs them. With {@code -Dmlxstack.transcripts=write} what they said to the scripted model is kept for
 * {@link TranscriptsTest}.
 */
class AgentsRun {

    static final Path TRANSCRIPTS = Path.of("src-test/mlxstack/gateway/transcripts");

    @TempDir
    Path dir;

    /** @return what the gateway and the agent said to each other */
    private String does(Agent agent, JsonObject... backends) throws Exception {
        try (var gateway = GatewayProcess.start(dir, backends);
                var recorder = new Recorder(gateway.port());
                var between = TestingUpstream.start(recorder)) {
            String said = agent.run(dir, between.port(), "task");
            assertThat(Agent.file(dir)).content().isEqualTo(Task.LINE + "\n");
            assertThat(said).contains(Task.ANSWER);
            assertThat(recorder.exchanges())
                    .extracting(exchange -> ((JsonObject) exchange).getInteger("status"))
                    .as("statuses")
                    .containsOnly(200);
            assertThat(recorder.exchanges())
                    .extracting(exchange -> ((JsonObject) exchange).getString("request"))
                    .allMatch(request -> request.split("[ ?]")[1].equals(agent.path), "goes to " + agent.path);
            return Transcript.of(agent.title(), recorder.exchanges(), dir);
        }
    }

    @ParameterizedTest
    @EnumSource
    void doesItsTaskWithLlamaServer(Agent agent) throws Exception {
        try (var llama = LlamaProcess.start(dir, Agent.file(dir).toString())) {
            does(agent, ready("task", llama.port()).put("speaks", new JsonArray(SdksIT.LLAMA_SERVER)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void doesItsTaskWithAServerOfChatCompletions(Agent agent) throws Exception {
        try (var scripted =
                TestingUpstream.start(new ScriptedModel(Agent.file(dir).toString()))) {
            String transcript = does(agent, ready("task", scripted.port()).put("speaks", JsonArray.of("chat")));
            if ("write".equals(System.getProperty("mlxstack.transcripts"))) {
                Files.writeString(TRANSCRIPTS.resolve(agent.title() + ".json"), transcript);
            }
        }
    }
}
