package mlxstack.wire;

import static mlxstack.wire.Same.json;
import static mlxstack.wire.Same.object;
import static mlxstack.wire.Same.text;
import static mlxstack.wire.Same.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ArrayNode;

class SystemMessagesTest {

    private static ArrayNode merged(String messages) throws Exception {
        return SystemMessages.merged(
                (ArrayNode) object("{'m':%s}".formatted(messages)).path("m"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[{'role':'developer','content':'a'},{'role':'system','content':[{'type':'text','text':'b'},{'type':'text','text':'c'}]},{'role':'user','content':'x'}]"
                        + " | [{'role':'system','content':'a\\n\\nb\\n\\nc'},{'role':'user','content':'x'}]",
                "[{'role':'user','content':'x'},{'role':'system','content':'env'}]"
                        + " | [{'role':'system','content':'env'},{'role':'user','content':'x'}]",
                "[{'role':'user','content':'x'},{'role':'assistant','content':'y'},{'role':'system','content':'late'},{'role':'user','content':'z','name':'n'}]"
                        + " | [{'role':'user','content':'x'},{'role':'assistant','content':'y'},{'role':'user','content':'<system-reminder>\\nlate\\n</system-reminder>\\n\\nz'}]",
                "[{'role':'assistant','content':'y'},{'role':'user','content':[{'type':'image_url'}]},{'role':'system','content':'late'}]"
                        + " | [{'role':'assistant','content':'y'},{'role':'user','content':[{'type':'image_url'},{'type':'text','text':'<system-reminder>\\nlate\\n</system-reminder>'}]}]",
                "[{'role':'user','content':'x'},{'role':'user','content':'y'}]"
                        + " | [{'role':'user','content':'x'},{'role':'user','content':'y'}]",
                "[{'role':'system','content':''},{'role':'user','content':'x'}] | [{'role':'user','content':'x'}]",
            })
    void oneAtTheBeginning(String messages, String expected) throws Exception {
        Same.json(merged(messages), expected);
    }

    @Test
    void eachTurnBeginsWithTheOneBefore() throws Exception {
        String[] turns = {
            "{'role':'system','content':'S'},{'role':'user','content':'a'},{'role':'system','content':[{'type':'text','text':'env'}]}",
            ",{'role':'assistant','content':'b'},{'role':'system','content':'note'}",
            ",{'role':'assistant','content':'c'},{'role':'user','content':'d'},{'role':'developer','content':'e'}",
            ",{'role':'assistant','content':'f'}",
        };
        var all = new StringBuilder();
        ArrayNode before = Json.array();
        for (String turn : turns) {
            var now = merged("[" + all.append(turn) + "]");
            for (int i = 0; i < before.size(); i++) {
                assertThat(now.get(i)).isEqualTo(before.get(i));
            }
            assertThat(now.size()).isGreaterThan(before.size());
            before = now;
        }
    }

    @Test
    void onlyTheMessagesOfTheBodyChange() throws Exception {
        byte[] body = utf8(
                json(
                        "{ 'model' : 'm','messages': [{'role':'developer','content':'a'},{'role':'user','content':'世'}] , 'x':1.50}"));
        var splices = new Splices();
        SystemMessages.merge(JsonFields.of(body, body.length), splices);
        assertThat(text(splices.applied(body, body.length)))
                .isEqualTo(
                        json(
                                "{ 'model' : 'm','messages': [{'role':'system','content':'a'},{'role':'user','content':'世'}] , 'x':1.50}"));
    }

    @Test
    void whatIsInOrderIsLeft() throws Exception {
        byte[] body = utf8(json("{'messages':[{'role':'system','content':'a'},{'role':'user','content':'b'}]}"));
        var splices = new Splices();
        SystemMessages.merge(JsonFields.of(body, body.length), splices);
        assertThat(splices.isEmpty()).isTrue();
    }
}
