package mlxstack.wire;

import static mlxstack.wire.Same.json;
import static mlxstack.wire.Same.text;
import static mlxstack.wire.Same.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClampTest {

    private static String clamped(String body, int allowed, int otherwise) throws Exception {
        byte[] bytes = utf8(json(body));
        var splices = new Splices();
        Clamp.answer(JsonFields.of(bytes, bytes.length), allowed, otherwise, "max_tokens", splices);
        return text(splices.applied(bytes, bytes.length));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'model':'m','max_tokens':65536,'x':1} | {'model':'m','max_tokens':1000,'x':1}",
                "{'model':'m', 'max_completion_tokens' : 65536 } | {'model':'m', 'max_completion_tokens' : 1000 }",
                "{'max_output_tokens':1e9} | {'max_output_tokens':1000}",
                "{'max_tokens':99999,'max_completion_tokens':99999} | {'max_tokens':1000,'max_completion_tokens':1000}",
                "{'model':'m','max_tokens':999} | {'model':'m','max_tokens':999}",
                "{'model':'m','max_tokens':'many'} | {'model':'m','max_tokens':'many'}",
                "{'messages':[{'max_tokens':9999}]} | {'messages':[{'max_tokens':9999}]}",
                "{'text':'`max_tokens`:9999,','max_tokens':9999} | {'text':'`max_tokens`:9999,','max_tokens':1000}",
                "{'a':'世界\\\\','max_tokens':9999} | {'a':'世界\\\\','max_tokens':1000}",
            })
    void onlyWhatIsTooMuchIsReplaced(String body, String expected) throws Exception {
        assertThat(clamped(body, 1000, 0)).isEqualTo(json(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{ 'model':'m'} | {'max_tokens':500, 'model':'m'}",
                "{'max_tokens':null,'model':'m'} | {'max_tokens':500,'model':'m'}",
                "{'max_completion_tokens':7} | {'max_completion_tokens':7}",
            })
    void whoSaysNothingGetsWhatIsUsual(String body, String expected) throws Exception {
        assertThat(clamped(body, 1000, 500)).isEqualTo(json(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'stream':true} | {'stream_options':{'include_usage':true},'stream':true} | true",
                "{'stream':true,'stream_options':{}} | {'stream':true,'stream_options':{'include_usage':true}} | true",
                "{'stream':true,'stream_options':{'x':1}} | {'stream':true,'stream_options':{'include_usage':true,'x':1}} | true",
                "{'stream':true,'stream_options':null} | {'stream':true,'stream_options':{'include_usage':true}} | true",
                "{'stream':true,'stream_options':{'include_usage':false,'x':1}} | {'stream':true,'stream_options':{'include_usage':true,'x':1}} | true",
                "{'stream':true,'stream_options':{'include_usage':true}} | {'stream':true,'stream_options':{'include_usage':true}} | false",
                "{'stream':false} | {'stream':false} | false",
                "{'model':'m'} | {'model':'m'} | false",
            })
    void usageIsAskedFor(String body, String expected, boolean added) throws Exception {
        byte[] bytes = utf8(json(body));
        var splices = new Splices();
        assertThat(Clamp.usage(JsonFields.of(bytes, bytes.length), splices)).isEqualTo(added);
        assertThat(text(splices.applied(bytes, bytes.length))).isEqualTo(json(expected));
    }

    @Test
    void manyChangesOfOneBody() throws Exception {
        byte[] bytes = utf8(json("{'model':'claude','max_tokens':9999,'stream':true}~~"));
        var fields = JsonFields.of(bytes, bytes.length - 2);
        var splices = new Splices();
        Clamp.usage(fields, splices);
        Clamp.answer(fields, 10, 0, "max_tokens", splices);
        var model = Objects.requireNonNull(fields.find("model"));
        splices.put(model.start(), model.end(), "\"qwen\"");
        assertThat(text(splices.applied(bytes, bytes.length - 2)))
                .isEqualTo(
                        json("{'stream_options':{'include_usage':true},'model':'qwen','max_tokens':10,'stream':true}"));
    }

    @Test
    void fieldsAreFoundByTheirLastOccurrence() throws Exception {
        byte[] bytes = utf8(json("{'store':true,'model':'a','id':null,'model':'b','store':false,'n':-1.5e3}"));
        var fields = JsonFields.of(bytes, bytes.length);
        assertThat(fields.text("model")).isEqualTo("b");
        assertThat(fields.text("n")).isNull();
        assertThat(fields.isFalse("store")).isTrue();
        assertThat(fields.isTrue("store")).isFalse();
        assertThat(fields.source(Objects.requireNonNull(fields.find("n")))).isEqualTo("-1.5e3");
        assertThat(fields.all()).hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{'a':1", "{'a':1}x", "{'a' 1}", "nonsense"})
    void whatIsNoObjectIsRefused(String body) {
        byte[] bytes = utf8(json(body));
        assertThatThrownBy(() -> JsonFields.of(bytes, bytes.length)).isInstanceOf(BadRequest.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[{'role':'system','content':'a'},{'role':'user','content':'b'}] | false",
                "[{'role':'user','content':[{'role':'developer'}]}] | false",
                "[{'role':'developer','content':'a'}] | true",
                "[{'role':'system','content':'a'},{'content':'b','role':'system'}] | true",
                "[{'role':'user','content':'b'},{'role':'system','content':'a'}] | true",
                "7 | false",
            })
    void systemMessagesApart(String messages, boolean apart) throws Exception {
        byte[] bytes = utf8(json("{'messages':" + messages + "}"));
        assertThat(JsonFields.of(bytes, bytes.length).systemsAreApart()).isEqualTo(apart);
    }
}
