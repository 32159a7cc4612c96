package mlxstack.wire;

import static mlxstack.wire.Same.json;
import static mlxstack.wire.Same.text;
import static mlxstack.wire.Same.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageChunkTest {

    private static final String TEXT =
            "data: {'choices':[{'delta':{'content':'`choices`:[],`usage`:{} 世'}}],'usage':null}\n\n";
    private static final String FINISH = ": alive\n\ndata: {'choices':[{'delta':{},'finish_reason':'stop'}]}\r\n\r\n";
    private static final String USAGE = "data: {'choices': [ ],'usage' : {'prompt_tokens':1}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    private static String filtered(String stream, int step) {
        byte[] bytes = utf8(stream);
        var filter = new UsageChunk();
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < bytes.length; i += step) {
            out.writeBytes(filter.kept(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + step))));
        }
        out.writeBytes(filter.rest());
        return text(out.toByteArray());
    }

    @Test
    void onlyTheChunkOfTokensIsDroppedHoweverTheStreamIsCut() {
        String stream = json(TEXT + FINISH + USAGE + DONE);
        for (int step = 1; step <= stream.length() + 1; step++) {
            assertThat(filtered(stream, step)).as("cut every %d", step).isEqualTo(json(TEXT + FINISH + DONE));
        }
    }

    @Test
    void wholeEventsPassUncopied() {
        byte[] bytes = utf8(json(TEXT + FINISH));
        assertThat(new UsageChunk().kept(bytes)).isSameAs(bytes);
    }

    @Test
    void halfAnEventAtTheEndPassesAsItCame() {
        assertThat(filtered(json(TEXT + "data: {'cho"), 7)).isEqualTo(json(TEXT + "data: {'cho"));
        assertThat(filtered(json(USAGE.strip()), 7)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'choices':[],'usage':{'a':1}} | true",
                "{'usage':{'a':1},'choices':[]} | true",
                "{'choices':[],'usage':null} | false",
                "{'choices':[{'index':0}],'usage':{'a':1}} | false",
                "{'choices':[]} | false",
                "[DONE] | false",
            })
    void frames(String data, boolean usage) {
        assertThat(UsageChunk.isUsageOnly(new Frame(null, json(data)))).isEqualTo(usage);
    }
}
