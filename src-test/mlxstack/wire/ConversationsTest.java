package mlxstack.wire;

import static mlxstack.wire.Same.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ConversationsTest {

    private final MemoryStore store = new MemoryStore(100, 1 << 20);
    private final Conversations conversations = new Conversations(store);

    private static ObjectNode answer(String id, String text) throws Exception {
        return object("""
                {'id':'resp_%1$s','status':'completed','output':[
                  {'type':'message','id':'msg_%1$s_0','role':'assistant','content':[{'type':'output_text','text':'%2$s'}]}]}
                """.formatted(id, text));
    }

    private void turn(String id, String request, String text) throws Exception {
        conversations.keeper(object(request), "").accept(answer(id, text));
    }

    private ApiError refused(String owner, String request) {
        return catchThrowableOfType(BadRequest.class, () -> conversations.continued(object(request), owner))
                .error();
    }

    @Test
    void aFollowUpHasTheWholeHistory() throws Exception {
        turn("a", "{'input':'one','instructions':'old'}", "1");
        turn("b", "{'input':[{'role':'user','content':'two'}],'previous_response_id':'resp_a'}", "2");
        var request = object("{'model':'m','input':'three','previous_response_id':'resp_b','instructions':'new'}");
        var continued = conversations.continued(request, "");
        Same.json(continued, """
                {'model':'m','previous_response_id':'resp_b','instructions':'new','input':[
                  {'type':'message','role':'user','content':'one'},
                  {'type':'message','id':'msg_a_0','role':'assistant','content':[{'type':'output_text','text':'1'}]},
                  {'role':'user','content':'two'},
                  {'type':'message','id':'msg_b_0','role':'assistant','content':[{'type':'output_text','text':'2'}]},
                  {'type':'message','role':'user','content':'three'}]}
                """);
        assertThat(Json.text(request, "input")).isEqualTo("three");
        var chat = object(new ResponsesToChat(continued, "m", Same.LOCAL, _ -> {}).request());
        assertThat(chat.path("messages").valueStream().map(m -> Json.text(m, "role")))
                .containsExactly("system", "user", "assistant", "user", "assistant", "user");
    }

    @Test
    void oneAnswerCanBeGoneOnFromTwice() throws Exception {
        turn("a", "{'input':'one'}", "1");
        turn("b", "{'input':'left','previous_response_id':'resp_a'}", "2");
        turn("c", "{'input':'right','previous_response_id':'resp_a'}", "3");
        var continued = conversations.continued(object("{'input':'x','previous_response_id':'resp_c'}"), "");
        assertThat(Json.text(continued)).contains("right").doesNotContain("left");
    }

    @Test
    void referencesToItemsAreTheItems() throws Exception {
        turn("a", "{'input':'one'}", "1");
        var alone = conversations.continued(
                object("{'input':[{'role':'user','content':'one'},{'type':'item_reference','id':'msg_a_0'}]}"), "");
        assertThat(Json.text(alone.path("input").get(1), "role")).isEqualTo("assistant");
        var twice = conversations.continued(
                object("{'previous_response_id':'resp_a','input':[{'type':'item_reference','id':'msg_a_0'}]}"), "");
        assertThat(twice.path("input")).hasSize(2);
        var unknown = refused("", "{'input':[{'type':'item_reference','id':'msg_z_0'}]}");
        assertThat(unknown.status()).isEqualTo(404);
    }

    @Test
    void whatIsNotKeptIsNotFound() throws Exception {
        turn("a", "{'input':'one','store':false}", "1");
        conversations
                .keeper(object("{'input':'x'}"), "")
                .accept(object("{'id':'resp_f','status':'failed','output':[]}"));
        for (String id : new String[] {"resp_a", "resp_f", "resp_never"}) {
            var error = refused("", "{'input':'x','previous_response_id':'%s'}".formatted(id));
            assertThat(error.status()).isEqualTo(400);
            assertThat(error.code()).isEqualTo("previous_response_not_found");
            assertThat(error.param()).isEqualTo("previous_response_id");
            assertThat(error.message()).contains(id);
        }
    }

    @Test
    void anothersAnswerIsNotFound() throws Exception {
        conversations.keeper(object("{'input':'secret'}"), "hermes").accept(answer("a", "1"));
        assertThat(refused("codex", "{'input':'x','previous_response_id':'resp_a'}")
                        .status())
                .isEqualTo(400);
        assertThat(catchThrowableOfType(BadRequest.class, () -> conversations.response("codex", "resp_a")))
                .isNotNull();
        assertThat(catchThrowableOfType(BadRequest.class, () -> conversations.delete("codex", "resp_a")))
                .isNotNull();
        assertThat(conversations.response("hermes", "resp_a")).isNotEmpty();
    }

    @Test
    void answersAreGivenListedAndDeleted() throws Exception {
        turn(
                "a",
                "{'input':[{'id':'i1','role':'user','content':'one'},{'id':'i2','role':'user','content':'two'}]}",
                "1");
        assertThat(object(conversations.response("", "resp_a"))).isEqualTo(answer("a", "1"));
        Same.json(object(conversations.inputItems("", "resp_a")), """
                {'object':'list','data':[{'id':'i2','role':'user','content':'two'},{'id':'i1','role':'user','content':'one'}],
                 'first_id':'i2','last_id':'i1','has_more':false}
                """);
        Same.json(object(conversations.delete("", "resp_a")), "{'id':'resp_a','object':'response','deleted':true}");
        var gone = catchThrowableOfType(BadRequest.class, () -> conversations.response("", "resp_a"));
        assertThat(gone.error().status()).isEqualTo(404);
        assertThat(store.bytes()).isZero();
    }

    @Test
    void theLeastUsedMakesRoomAndWhatOthersStandOnStays() throws Exception {
        var few = new MemoryStore(3, 1 << 20);
        var some = new Conversations(few);
        some.keeper(object("{'input':'1'}"), "").accept(answer("a", "x"));
        some.keeper(object("{'input':'2','previous_response_id':'resp_a'}"), "").accept(answer("b", "x"));
        some.keeper(object("{'input':'3','previous_response_id':'resp_b'}"), "").accept(answer("c", "x"));
        some.keeper(object("{'input':'4','previous_response_id':'resp_c'}"), "").accept(answer("d", "x"));
        assertThat(few.find("", "resp_a")).as("the one used longest ago").isNull();
        assertThat(few.history("", "resp_d")).hasSize(4);
        for (String id : new String[] {"resp_b", "resp_c", "resp_d"}) {
            assertThat(few.delete("", id)).isTrue();
        }
        assertThat(few.bytes()).isZero();
    }

    @Test
    void bytesAreBoundedAndOneConversationDoesNotTakeThemAll() throws Exception {
        var small = new MemoryStore(1000, 40_000);
        var some = new Conversations(small);
        String long1 = "x".repeat(5_000);
        for (int i = 0; i < 50; i++) {
            some.keeper(object("{'input':'1'}"), "").accept(answer("n" + i, long1));
            assertThat(small.bytes()).isLessThanOrEqualTo(40_000);
        }
        assertThat(small.find("", "resp_n49")).isNotNull();
        assertThat(small.find("", "resp_n40")).isNull();
        some.keeper(object("{'input':'1'}"), "").accept(answer("huge", "x".repeat(10_000)));
        assertThat(small.find("", "resp_huge")).isNull();
        some.keeper(object("{'input':'1','previous_response_id':'resp_n0'}"), "")
                .accept(answer("half", "x"));
        assertThat(small.find("", "resp_half")).as("its beginning is gone").isNull();
    }
}
