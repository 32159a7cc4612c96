package mlxstack.wire;

import static mlxstack.wire.Same.json;
import static mlxstack.wire.Same.object;
import static mlxstack.wire.Same.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EmbeddingsTest {

    /** 1.0, -2.5 and 0.1 as float32, the lowest byte first. */
    private static final String BASE64 = "AACAPwAAIMDNzMw9";

    private static final String ANSWER = """
            {'object':'list','model':'e','x':1.50,'data':[
              {'object':'embedding','index':0,'embedding':%1$s},{'object':'embedding','embedding':%1$s,'index':1}],
             'usage':{'prompt_tokens':3,'total_tokens':3}}
            """;

    private static byte[] answer(boolean base64, String embedding) throws Exception {
        return new Embeddings(new byte[0], base64).answer(utf8(json(ANSWER.formatted(embedding))));
    }

    @Test
    void listsBecomeBase64() throws Exception {
        Same.json(object(answer(true, "[1,-2.5,0.1]")), ANSWER.formatted("'" + BASE64 + "'"));
    }

    @Test
    void base64BecomesLists() throws Exception {
        Same.json(object(answer(false, "'" + BASE64 + "'")), ANSWER.formatted("[1.0,-2.5,0.1]"));
    }

    @Test
    void manyDimensionsThereAndBack() throws Exception {
        var list = new StringBuilder("[");
        for (int i = 0; i < 10_000; i++) {
            list.append(i == 0 ? "" : ",").append((i - 5000) / 64.0f);
        }
        byte[] there = answer(true, list.append(']').toString());
        Same.json(object(new Embeddings(new byte[0], false).answer(there)), ANSWER.formatted(list));
    }

    @Test
    void whatIsRightIsNotTouched() throws Exception {
        byte[] lists = utf8(json(ANSWER.formatted("[1,2]")));
        assertThat(new Embeddings(lists, false).answer(lists)).isSameAs(lists);
        byte[] encoded = utf8(json(ANSWER.formatted("'" + BASE64 + "'")));
        assertThat(new Embeddings(lists, true).answer(encoded)).isSameAs(encoded);
        byte[] none = utf8(json("{'data':[]}"));
        assertThat(new Embeddings(lists, true).answer(none)).isSameAs(none);
    }

    @Test
    void whatIsAskedForStandsInTheRequest() throws Exception {
        byte[] asked = utf8(json("{'input':'x','encoding_format':'base64'}"));
        assertThat(Embeddings.asksForBase64(JsonFields.of(asked, asked.length))).isTrue();
        byte[] unasked = utf8(json("{'input':'base64'}"));
        assertThat(Embeddings.asksForBase64(JsonFields.of(unasked, unasked.length)))
                .isFalse();
    }

    @Test
    void nonsenseIsTheBackendsFailure() {
        assertThatThrownBy(() -> answer(false, "'***'")).isInstanceOf(BadAnswer.class);
        assertThatThrownBy(() -> answer(false, "'AAA='")).isInstanceOf(BadAnswer.class);
        assertThatThrownBy(() -> new Embeddings(new byte[0], true).answer(utf8("<html>")))
                .isInstanceOf(BadAnswer.class);
    }
}
