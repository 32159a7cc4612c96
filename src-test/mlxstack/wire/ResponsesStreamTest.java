package mlxstack.wire;

import static mlxstack.wire.Same.LOCAL;
import static mlxstack.wire.Same.chunk;
import static mlxstack.wire.Same.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class ResponsesStreamTest {

    private static final String REQUEST = """
            {'model':'smart','input':'x','stream':true,'store':false,'tools':[
              {'type':'function','name':'exec','parameters':{'type':'object'}},
              {'type':'namespace','name':'ns','tools':[{'type':'function','name':'go','parameters':{'type':'object'}}]},
              {'type':'custom','name':'patch'}]}
            """;

    private static final String[] DELTAS = {
        "{'role':'assistant','content':''}",
        "{'reasoning_content':'Let me '}",
        "{'reasoning_content':'see.'}",
        "{'content':'\\n\\n'}",
        "{'content':'I lo'}",
        "{'content':'ok 世界.'}",
        "{'tool_calls':[{'index':0,'id':'call_a','type':'function','function':{'name':'exec','arguments':''}}]}",
        "{'tool_calls':[{'index':0,'function':{'arguments':'{`cmd`:'}}]}",
        "{'tool_calls':[{'index':1,'id':'call_b','type':'function','function':{'name':'ns__go','arguments':'{'}}]}",
        "{'tool_calls':[{'index':0,'function':{'arguments':'`ls`}'}},{'index':1,'function':{'arguments':'}'}}]}",
    };

    private static ResponsesToChat translation() throws Exception {
        return new ResponsesToChat(object(REQUEST), "m", LOCAL, _ -> {});
    }

    private static Frame finish(String reason) {
        return new Frame(
                null, Same.json("{'choices':[{'index':0,'delta':{},'finish_reason':'%s'}]}".formatted(reason)));
    }

    private static Frame usage() {
        return new Frame(null, Same.json("""
                        {'choices':[],'usage':{'prompt_tokens':10,'completion_tokens':5,'total_tokens':15,
                         'prompt_tokens_details':{'cached_tokens':8},'completion_tokens_details':{'reasoning_tokens':2}}}
                        """));
    }

    private static List<Frame> run(ResponsesToChat translation, String... deltas) throws Exception {
        var sent = new ArrayList<Frame>();
        for (String delta : deltas) {
            sent.addAll(Same.frames(translation.frame(chunk(delta))));
        }
        return sent;
    }

    private static List<Frame> whole(String... deltas) throws Exception {
        var translation = translation();
        var sent = run(translation, deltas);
        for (Frame frame : List.of(finish("tool_calls"), usage(), new Frame(null, "[DONE]"), new Frame(null, ""))) {
            sent.addAll(Same.frames(translation.frame(frame)));
        }
        sent.addAll(Same.frames(translation.end()));
        return sent;
    }

    private static List<String> names(List<Frame> frames) {
        return frames.stream().map(Frame::event).toList();
    }

    private static ObjectNode data(Frame frame) throws Exception {
        return Json.data(frame);
    }

    @Test
    void everyEventIsNamedNumberedAndInItsOrder() throws Exception {
        var frames = whole(DELTAS);
        assertThat(names(frames))
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.reasoning_summary_part.added",
                        "response.reasoning_summary_text.delta",
                        "response.reasoning_summary_text.delta",
                        "response.reasoning_summary_text.done",
                        "response.reasoning_summary_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.function_call_arguments.delta",
                        "response.output_item.added",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.done",
                        "response.output_item.done",
                        "response.function_call_arguments.done",
                        "response.output_item.done",
                        "response.completed");
        int number = 0;
        for (Frame frame : frames) {
            assertThat(Json.text(data(frame), "type")).isEqualTo(frame.event());
            assertThat(data(frame).path("sequence_number").intValue()).isEqualTo(number++);
        }
    }

    @Test
    void theLastEventHasTheWholeAnswer() throws Exception {
        var response = data(whole(DELTAS).getLast()).path("response");
        Same.json(response.path("output"), """
                [{'id':'rs_t1_0','type':'reasoning','summary':[{'type':'summary_text','text':'Let me see.'}]},
                 {'id':'msg_t1_1','type':'message','status':'completed','role':'assistant','content':[
                   {'type':'output_text','text':'I look 世界.','annotations':[],'logprobs':[]}]},
                 {'id':'fc_t1_2','type':'function_call','status':'completed','call_id':'call_a','name':'exec','arguments':'{`cmd`:`ls`}'},
                 {'id':'fc_t1_3','type':'function_call','status':'completed','call_id':'call_b','name':'go','namespace':'ns','arguments':'{}'}]
                """.replace("I look", "\\n\\nI look"));
        Same.json(response.path("usage"), """
                {'input_tokens':10,'input_tokens_details':{'cached_tokens':8,'cache_write_tokens':0},
                 'output_tokens':5,'output_tokens_details':{'reasoning_tokens':2},'total_tokens':15}
                """);
        assertThat(Json.text(response, "id")).isEqualTo("resp_t1");
        assertThat(Json.text(response, "model")).isEqualTo("smart");
        assertThat(Json.text(response, "status")).isEqualTo("completed");
        assertThat(Json.number(response, "created_at", 0)).isEqualTo(1_700_000_000);
    }

    @Test
    void piecesMakeUpWhatTheirItemsSayAtTheEnd() throws Exception {
        var text = new StringBuilder();
        var arguments = new StringBuilder();
        for (Frame frame : whole(DELTAS)) {
            var data = data(frame);
            switch (frame.event()) {
                case "response.output_text.delta" -> text.append(Json.text(data, "delta"));
                case "response.function_call_arguments.delta" -> {
                    if ("fc_t1_2".equals(Json.text(data, "item_id"))) {
                        arguments.append(Json.text(data, "delta"));
                    }
                }
                case null, default -> {}
            }
        }
        assertThat(text.toString()).isEqualTo("\n\nI look 世界.");
        assertThat(arguments.toString()).isEqualTo("{\"cmd\":\"ls\"}");
    }

    @Test
    void aWholeAnswerIsWhatItsStreamWouldHaveMade() throws Exception {
        var streamed = data(whole(DELTAS).getLast()).path("response");
        var translation = translation();
        byte[] answer = translation.answer(Same.utf8(Same.json("""
                {'id':'c','object':'chat.completion','choices':[{'index':0,'finish_reason':'tool_calls','message':{
                  'role':'assistant','reasoning_content':'Let me see.','content':'\\n\\nI look 世界.','tool_calls':[
                    {'id':'call_a','type':'function','function':{'name':'exec','arguments':'{`cmd`:`ls`}'}},
                    {'id':'call_b','type':'function','function':{'name':'ns__go','arguments':'{}'}}]}}],
                 'usage':{'prompt_tokens':10,'completion_tokens':5,
                  'prompt_tokens_details':{'cached_tokens':8},'completion_tokens_details':{'reasoning_tokens':2}}}
                """)));
        assertThat(object(answer)).isEqualTo(streamed);
    }

    @Test
    void blanksBeforeACallAreNoMessage() throws Exception {
        var frames = whole(
                "{'content':'\\n\\n'}",
                "{'tool_calls':[{'index':0,'id':'c','function':{'name':'exec','arguments':'{}'}}]}");
        JsonNode output = data(frames.getLast()).path("response").path("output");
        assertThat(output).hasSize(1);
        assertThat(Json.text(output.get(0), "type")).isEqualTo("function_call");
    }

    @Test
    void callsWithoutPlacesOrNamesOfTheirOwnAreToldApart() throws Exception {
        var frames = whole(
                "{'tool_calls':[{'id':'a','function':{'name':'exec','arguments':'{}'}}]}",
                "{'tool_calls':[{'id':'b','function':{'name':'exec','arguments':'{}'}}]}",
                "{'tool_calls':[{'index':7,'function':{'name':'exec','arguments':{'x':1}}}]}");
        JsonNode output = data(frames.getLast()).path("response").path("output");
        assertThat(output.valueStream().map(call -> Json.text(call, "call_id"))).containsExactly("a", "b", "call_t1_2");
        assertThat(Json.text(output.get(2), "arguments")).isEqualTo("{\"x\":1}");
    }

    @Test
    void freeTextOfAToolComesOutOfItsJson() throws Exception {
        var frames = whole(
                "{'tool_calls':[{'index':0,'id':'a','function':{'name':'patch','arguments':'{`input`:`*** Be'}}]}",
                "{'tool_calls':[{'index':0,'function':{'arguments':'gin`}'}}]}");
        assertThat(names(frames))
                .contains("response.custom_tool_call_input.delta", "response.custom_tool_call_input.done")
                .doesNotContain("response.function_call_arguments.delta");
        Same.json(data(frames.getLast()).path("response").path("output"), """
                [{'id':'fc_t1_0','type':'custom_tool_call','status':'completed','call_id':'a','name':'patch','input':'*** Begin'}]
                """);
    }

    @Test
    void whatWasCutShortIsIncomplete() throws Exception {
        var translation = translation();
        run(translation, "{'content':'half'}");
        translation.frame(finish("length"));
        var last = Same.frames(translation.end()).getLast();
        assertThat(last.event()).isEqualTo("response.incomplete");
        var response = data(last).path("response");
        assertThat(Json.text(response, "status")).isEqualTo("incomplete");
        Same.json(response.path("incomplete_details"), "{'reason':'max_output_tokens'}");
        assertThat(Json.text(response.path("output").get(0), "status")).isEqualTo("incomplete");
        assertThat(response.path("usage").isNull()).isTrue();
    }

    @Test
    void aBrokenStreamEndsWithTheErrorForBothKindsOfClients() throws Exception {
        var translation = translation();
        run(translation, "{'content':'half'}");
        var frames = Same.frames(translation.failed(ApiError.truncated("primary"), Dialect.RESPONSES));
        assertThat(names(frames)).containsExactly("error", "response.failed");
        var error = data(frames.getFirst());
        assertThat(Json.text(error, "message")).contains("primary");
        assertThat(Json.text(error.path("error"), "code")).isEqualTo("upstream_truncated");
        assertThat(error.path("sequence_number").intValue()).isEqualTo(5);
        var response = data(frames.getLast()).path("response");
        assertThat(Json.text(response, "id")).isEqualTo("resp_t1");
        assertThat(Json.text(response, "status")).isEqualTo("failed");
        assertThat(Json.text(response.path("error"), "code")).isEqualTo("server_error");
        assertThat(response.path("output")).hasSize(1);
    }

    @Test
    void anErrorWithoutAStreamHasBothShapesToo() throws Exception {
        var frame =
                Same.frames(Same.utf8(ApiError.busy().frame(Dialect.RESPONSES))).getFirst();
        assertThat(frame.event()).isEqualTo("error");
        assertThat(Json.text(data(frame), "code")).isEqualTo("gateway_busy");
        assertThat(Json.text(data(frame).path("error"), "code")).isEqualTo("gateway_busy");
    }

    @Test
    void answersThatAreNoneAreTheBackendsFailure() throws Exception {
        assertThatThrownBy(() -> translation().answer(Same.utf8("{}"))).isInstanceOf(BadAnswer.class);
        assertThatThrownBy(() -> translation().answer(Same.utf8("<html>"))).isInstanceOf(BadAnswer.class);
        assertThatThrownBy(() -> translation().frame(new Frame(null, "{\"error\":{\"message\":\"no memory\"}}")))
                .isInstanceOf(BadAnswer.class)
                .hasMessageContaining("no memory");
    }

    @Test
    void theWholeAnswerIsHandedOverOnceItHasComeToItsEnd() throws Exception {
        var whole = new ArrayList<ObjectNode>();
        var streamed = new ResponsesToChat(object(REQUEST), "m", LOCAL, whole::add);
        run(streamed, "{'content':'x'}");
        assertThat(whole).isEmpty();
        var last = Same.frames(streamed.end()).getLast();
        assertThat(whole).hasSize(1);
        Same.json(data(last).path("response"), Json.text(whole.getFirst()));
    }
}
