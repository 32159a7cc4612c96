package mlxstack.wire;

import static mlxstack.wire.Same.json;
import static mlxstack.wire.Same.object;
import static mlxstack.wire.Same.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterChatTest {

    private static RouterChat chat(String request) throws Exception {
        return new RouterChat(object(request), "qwen", "coder");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'model_class':'code','messages':[{'role':'user','content':'x'}],'max_tokens':9,'agent_id':'a'}"
                        + " | {'model':'qwen','messages':[{'role':'user','content':'x'}],'max_tokens':9,'agent_id':'a'}",
                "{'model_class':'code','prompt':'x','system':'s','stream':true}"
                        + " | {'model':'qwen','messages':[{'role':'system','content':'s'},{'role':'user','content':'x'}],'stream':true}",
            })
    void aClassIsAskedAsAModel(String request, String expected) throws Exception {
        Same.json(object(chat(request).request()), expected);
        assertThat(chat(request).operation()).isEqualTo(Operation.CHAT_COMPLETIONS);
    }

    @Test
    void theAnswerSaysWhoAnswered() throws Exception {
        byte[] answer = chat("{'model_class':'code','prompt':'x'}")
                .answer(
                        utf8(
                                json(
                                        "{'id':'c','model':'qwen','choices':[{'message':{'content':'Hello'}}],'usage':{'total_tokens':3}}")));
        Same.json(object(answer), """
                {'id':'c','model':'qwen','choices':[{'message':{'content':'Hello'}}],'usage':{'total_tokens':3},
                 'content':'Hello','model_class':'code','backend':'coder'}
                """);
    }

    @Test
    void aStreamPassesAsItIs() throws Exception {
        var chat = chat("{'model_class':'code','prompt':'x','stream':true}");
        String stream = json("data: {'choices':[{'delta':{'content':'a'}}]}\n\ndata: [DONE]\n\n");
        var out = new StringBuilder();
        for (Frame frame : Same.frames(utf8(stream))) {
            out.append(Same.text(chat.frame(frame)));
        }
        assertThat(out.append(Same.text(chat.end())).toString()).isEqualTo(stream);
    }

    @Test
    void nothingAskedIsRefused() {
        var refused = catchThrowableOfType(BadRequest.class, () -> chat("{'model_class':'code','messages':[]}"));
        assertThat(refused.error().status()).isEqualTo(400);
        assertThat(refused.error().message()).contains("prompt");
    }
}
