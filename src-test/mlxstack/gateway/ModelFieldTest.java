package mlxstack.gateway;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import mlxstack.gateway.ModelField.BadBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFieldTest {

    private static final String FORM = "multipart/form-data; boundary=\"x y\"";

    private static ModelField json(String body) throws BadBody {
        byte[] bytes = body.getBytes(UTF_8);
        return ModelField.find("application/json", bytes, bytes.length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"a\"}",
                "{\"é\":\"€😀\", \"model\" :\t\"a\" ,\"x\":[{\"model\":\"b\"}]}",
                " \n{\"x\":{\"model\":\"b\"},\"model\":\"a\"}\n",
                "{\"mod\\u0065l\":\"\\u0061\"}",
            })
    void pointsAtTheValueOnly(String body) throws Exception {
        var field = json(body);
        assertThat(field.value()).isEqualTo("a");
        byte[] bytes = body.getBytes(UTF_8);
        var there = new String(bytes, field.start(), field.end() - field.start(), UTF_8);
        assertThat(there).isIn("\"a\"", "\"\\u0061\"");
    }

    @Test
    void looksAtNoMoreThanTheLengthSays() throws Exception {
        byte[] bytes = "{\"model\":\"a\"}garbage".getBytes(UTF_8);
        assertThat(ModelField.find(null, bytes, bytes.length - 7).value()).isEqualTo("a");
    }

    @Test
    void takesPicturesOfMegabytes() throws Exception {
        assertThat(json("{\"image\":\"" + "A".repeat(20 << 20) + "\",\"model\":\"a\"}")
                        .value())
                .isEqualTo("a");
    }

    @Test
    void refusesWhatNestsWithoutEnd() {
        assertThatThrownBy(() -> json("{\"x\":" + "[".repeat(100_000)))
                .isInstanceOf(BadBody.class)
                .hasMessageContaining("not JSON");
    }

    @Test
    void refusesOtherEncodings() {
        byte[] bytes = "{\"model\":\"a\"}".getBytes(UTF_16);
        assertThatThrownBy(() -> ModelField.find(null, bytes, bytes.length)).isInstanceOf(BadBody.class);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {"plain | \"plain\"", "a\"b\\c | \"a\\\"b\\\\c\"", "é😀 | \"é😀\""})
    void writesAnyNameAsJson(String name, String written) {
        assertThat(new String(new ModelField("x", 0, 1, true, false, 0).replacement(name), UTF_8))
                .isEqualTo(written);
    }

    private static byte[] form(String... parts) {
        var body = new StringBuilder("preamble\r\n");
        for (String part : parts) {
            body.append("--x y\r\n").append(part).append("\r\n");
        }
        return body.append("--x y--\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Disposition: form-data; name=\"model\"\r\n\r\nears",
                "content-disposition: form-data; name=model\r\n\r\nears",
                "Content-Type: text/plain\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nears"
            })
    void findsTheFieldOfAForm(String part) throws Exception {
        byte[] body = form(
                "Content-Disposition: form-data; name=\"file\"; filename=\"model\"\r\n\r\n\u0000\u00ffname=\"model\"",
                "Content-Disposition: form-data; name=\"models\"\r\n\r\nno",
                part);
        var field = ModelField.find(FORM, body, body.length);
        assertThat(field.value()).isEqualTo("ears");
        assertThat(new String(body, field.start(), field.end() - field.start(), UTF_8))
                .isEqualTo("ears");
        assertThat(field.replacement("other")).isEqualTo("other".getBytes(UTF_8));
    }

    @Test
    void refusesAFormWithoutTheField() {
        byte[] body = form("Content-Disposition: form-data; name=\"file\"\r\n\r\nx");
        assertThatThrownBy(() -> ModelField.find(FORM, body, body.length))
                .isInstanceOf(BadBody.class)
                .hasMessage("found no \"model\" in the form; GET /v1/models lists those there are");
        assertThatThrownBy(() -> ModelField.find("multipart/form-data", body, body.length))
                .hasMessageContaining("no boundary");
    }
}
