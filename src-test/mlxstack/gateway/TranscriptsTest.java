package mlxstack.gateway;

import static mlxstack.gateway.Served.ready;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What real agents once said to the gateway, as {@link AgentsRun} recorded it, said again. */
class TranscriptsTest {

    @TempDir
    Path dir;

    static Stream<Path> transcripts() throws IOException {
        try (var files = Files.list(AgentsRun.TRANSCRIPTS)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void theSameIsAnswered(Path transcript) throws Exception {
        var model = new ScriptedModel(Transcript.PROJECT + "/note.txt");
        try (var scripted = TestingUpstream.start(model);
                var gateway =
                        Served.start(dir, ready("task", scripted.port()).put("speaks", new JsonArray().add("chat")))) {
            for (Object each : new JsonObject(Files.readString(transcript)).getJsonArray("exchanges")) {
                var exchange = (JsonObject) each;
                var answer = TestingClient.post(
                        gateway.port(),
                        exchange.getString("request").split(" ")[1],
                        exchange.getJsonObject("body").encode(),
                        exchange.getJsonObject("headers").stream()
                                .map(header -> header.getKey() + ": " + header.getValue())
                                .toArray(String[]::new));
                assertThat(answer.text()).matches(_ -> answer.status() == 200, "is a success");
                assertThat(Gist.of(Transcript.dialect(exchange), answer.text()))
                        .isEqualTo(exchange.getJsonObject("answer"));
            }
        }
        keepsItsPrefix(model.asked());
    }

    /** A model server need not read again what it has read for the turn before. */
    private static void keepsItsPrefix(List<JsonObject> asked) {
        var turns = new ArrayList<List<?>>();
        for (JsonObject request : asked) {
            if (request.containsKey("tools")) {
                turns.add(request.getJsonArray("messages").getList());
            }
        }
        assertThat(turns).hasSize(3);
        for (int turn = 1; turn < turns.size(); turn++) {
            assertThat(turns.get(turn).subList(0, turns.get(turn - 1).size()))
                    .as("the beginning of turn %d", turn + 1)
                    .isEqualTo(turns.get(turn - 1));
        }
        assertThat(asked.stream()
                        .filter(request -> request.containsKey("tools"))
                        .map(r -> r.getValue("tools")))
                .as("tools")
                .allMatch(tools -> tools.equals(asked.getLast().getValue("tools")));
    }
}
