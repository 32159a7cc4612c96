package mlxstack.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Streams of chat cut and mixed at random: as Messages they are well formed, and back in chat they say the same. */
class StreamRoundTripTest {

    private static final byte[] ASKED =
            "{\"model\":\"m\",\"thinking\":{\"type\":\"adaptive\"},\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
                    .getBytes(UTF_8);

    private static final Options OPTIONS = new Options(0, true, "r", 1);

    /** What a stream of chat comes to. */
    private static final class Said {
        final StringBuilder text = new StringBuilder();
        final StringBuilder reasoning = new StringBuilder();
        final TreeMap<Long, String> calls = new TreeMap<>();
        String finish = "";

        void seen(Frame frame) throws BadAnswer {
            if (frame.data().equals("[DONE]")) {
                return;
            }
            for (JsonNode choice : Json.items(Json.data(frame), "choices")) {
                var delta = choice.path("delta");
                text.append(ChatText.content(delta));
                reasoning.append(ChatText.reasoning(delta));
                for (JsonNode call : Json.items(delta, "tool_calls")) {
                    var function = call.path("function");
                    calls.merge(
                            call.path("index").asLong(),
                            Json.text(call, "id", "") + Json.text(function, "name", "") + ChatText.arguments(function),
                            String::concat);
                }
                finish = Json.text(choice, "finish_reason", finish);
            }
        }
    }

    private static Deque<String> pieces(Random random, String text) {
        var pieces = new ArrayDeque<String>();
        for (int at = 0; at < text.length(); ) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(7));
            if (end < text.length() && Character.isLowSurrogate(text.charAt(end))) {
                end++;
            }
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }

    /** @param number of the call; each begins with its name, as servers send it */
    private static Deque<String> call(Random random, int number) {
        var deltas = new ArrayDeque<String>();
        String arguments = Json.text(Json.object()
                .put("n", number)
                .put("text", "{[\"\\ 😀 }]".substring(random.nextInt(4)))
                .set("list", Json.array().add(1).add(Json.object())));
        var call = Json.object().put("index", number).put("id", "id" + number + "-");
        call.putObject("function").put("name", "f" + number + "-").put("arguments", "");
        deltas.add(delta("tool_calls", Json.array().add(call)));
        for (String piece : pieces(random, arguments)) {
            var more = Json.object().put("index", number);
            more.putObject("function").put("arguments", piece);
            deltas.add(delta("tool_calls", Json.array().add(more)));
        }
        return deltas;
    }

    private static Deque<String> text(Random random, String field, String text) {
        var deltas = new ArrayDeque<String>();
        pieces(random, text).forEach(piece -> deltas.add(delta(field, Json.string(piece))));
        return deltas;
    }

    private static String delta(String field, JsonNode value) {
        var chunk = Json.object();
        chunk.putArray("choices").addObject().putObject("delta").set(field, value);
        return Json.text(chunk);
    }

    private static List<String> stream(Random random) {
        var sources = new ArrayList<Deque<String>>();
        sources.add(text(random, "content", "Grüße \"😀\"\n\nand more"));
        if (random.nextBoolean()) {
            sources.add(text(random, "reasoning_content", "Let me think"));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            sources.add(call(random, i));
        }
        var mixed = new ArrayList<String>();
        // Mostly one after the other, as servers do; sometimes not.
        int steady = 1 + random.nextInt(40);
        int source = 0;
        while (!sources.isEmpty()) {
            if (random.nextInt(steady) == 0 || source >= sources.size()) {
                source = random.nextInt(sources.size());
            }
            mixed.add(sources.get(source).remove());
            if (sources.get(source).isEmpty()) {
                sources.remove(source);
            }
        }
        mixed.add("{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}");
        return mixed;
    }

    private static List<Frame> translated(Translation translation, List<Frame> frames) throws BadAnswer {
        var out = new StringBuilder();
        for (Frame frame : frames) {
            out.append(new String(translation.frame(frame), UTF_8));
        }
        out.append(new String(translation.end(), UTF_8));
        return SseReaderTest.frames(out.toString());
    }

    @Test
    void whatWasSaidIsSaid() throws Exception {
        for (int seed = 0; seed < 300; seed++) {
            var chat = stream(new Random(seed)).stream()
                    .map(data -> new Frame(null, data))
                    .toList();
            var messages = translated(MessagesToChat.of(ASKED, ASKED.length, "m", OPTIONS), chat);
            isWellFormed(messages, seed);
            var again = translated(ChatToMessages.of(ASKED, ASKED.length, "m", OPTIONS), messages);
            var before = new Said();
            for (Frame frame : chat) {
                before.seen(frame);
            }
            var after = new Said();
            for (Frame frame : again) {
                after.seen(frame);
            }
            assertThat(after.text.toString()).as("seed %d", seed).isEqualTo(before.text.toString());
            assertThat(after.reasoning.toString()).as("seed %d", seed).isEqualTo(before.reasoning.toString());
            assertThat(after.calls.values())
                    .as("seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(before.calls.values());
            assertThat(after.finish).isEqualTo(before.calls.isEmpty() ? "stop" : "tool_calls");
        }
    }

    /** One block after the other, each begun, then ended, and numbered from 0. */
    private static void isWellFormed(List<Frame> messages, int seed) throws BadAnswer {
        int open = -1;
        int next = 0;
        for (Frame frame : messages.subList(2, messages.size() - 2)) {
            var event = Json.data(frame);
            int index = event.path("index").asInt();
            switch (String.valueOf(frame.event())) {
                case "content_block_start" -> {
                    assertThat(open).as("seed %d", seed).isEqualTo(-1);
                    assertThat(index).isEqualTo(next++);
                    open = index;
                }
                case "content_block_delta" ->
                    assertThat(index).as("seed %d", seed).isEqualTo(open);
                case "content_block_stop" -> {
                    assertThat(index).as("seed %d", seed).isEqualTo(open);
                    open = -1;
                }
                default -> throw new AssertionError("unexpected " + frame);
            }
        }
        assertThat(open).isEqualTo(-1);
        assertThat(messages.getFirst().event()).isEqualTo("message_start");
        assertThat(messages.get(messages.size() - 2).event()).isEqualTo("message_delta");
        assertThat(messages.getLast().event()).isEqualTo("message_stop");
    }
}
