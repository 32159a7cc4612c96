package mlxstack.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountTokensTest {

    private static long count(String body) throws BadRequest {
        byte[] bytes = body.getBytes(UTF_8);
        return CountTokens.count(bytes, bytes.length);
    }

    /** The counts are those of GPT-4's vocabulary. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`The gateway keeps one address for every model, and an agent can run against it for weeks without noticing that an endpoint was restarted.`|26",
                "`public static long count(byte[] text, int from, int to) { return text.length == 0 ? 0 : count(text, from + 1, to - 1); }`|39",
                "`{\"type\":\"object\",\"properties\":{\"file_path\":{\"type\":\"string\",\"description\":\"Absolute path of the file\"},\"limit\":{\"type\":\"integer\"}},\"required\":[\"file_path\"]}`|34",
                "`2026-11-21T11:42:57.123Z INFO  endpoint mistral-7b ready after 4213 ms, 10.5 GB resident`|36",
                "`Die Warteschlange ist voll; bitte versuchen Sie es in einigen Sekunden noch einmal.`|22",
                "`Le serveur redémarre et les requêtes en attente sont servies ensuite, dans l’ordre.`|25",
                "`Сервер перезапускается, и запросы в очереди будут обработаны позже.`|28",
                "`服务器正在重新启动，请稍后再试。队列中的请求将按顺序处理。`|23",
                "`サーバーを再起動しています。しばらくしてからもう一度お試しください。`|28"
            })
    void shortTextsNearTheBoundsThatAreDocumentedForLongOnes(String text, int tokens) {
        assertThat(TokenEstimate.text(text)).isBetween(Math.round(tokens * 0.7), Math.round(tokens * 1.4));
    }

    @Test
    void aLongTextIsTheSumOfItsParts() {
        String part = "The quick brown fox jumps over 13 lazy dogs. 你好世界 Ёлки\n";
        long one = TokenEstimate.text(part);
        assertThat(TokenEstimate.text(part.repeat(1_000))).isCloseTo(one * 1_000, within(one * 1_000 / 20));
        assertThat(TokenEstimate.text("")).isZero();
    }

    @Test
    void ofARequest() throws BadRequest {
        long plain = count("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}]}");
        assertThat(plain).isBetween(8L, 12L);
        assertThat(
                        count(
                                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Hello there\",\"cache_control\":{}}]}],\"tools\":[]}"))
                .isEqualTo(plain);
        assertThat(
                        count(
                                "{\"model\":\"m\",\"system\":\"You are\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}],"
                                        + "\"tools\":[{\"name\":\"f\",\"description\":\"Finds it\",\"input_schema\":{\"type\":\"object\"}}]}"))
                .isBetween(plain + 15, plain + 35);
        assertThat(count("{\"messages\":[]}")).isEqualTo(3);
        assertThatThrownBy(() -> count("{\"model\":\"m\"}")).isInstanceOf(BadRequest.class);
        assertThatThrownBy(() -> count("nonsense")).isInstanceOf(BadRequest.class);
    }

    private static String image(int... bytes) {
        byte[] all = new byte[64];
        for (int i = 0; i < bytes.length; i++) {
            all[i] = (byte) bytes[i];
        }
        return Base64.getEncoder().encodeToString(all);
    }

    @Test
    void imagesCountByTheirSize() throws BadRequest {
        String png = image(
                0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0, 0, 3, 0xE8, 0, 0, 2, 0xEE);
        String gif = image('G', 'I', 'F', '8', '9', 'a', 0xE8, 3, 0xEE, 2);
        String jpeg = image(0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xC2, 0, 17, 8, 2, 0xEE, 3, 0xE8);
        for (String data : new String[] {png, gif, jpeg}) {
            assertThat(ImageTokens.of(data)).isEqualTo(1_000);
        }
        assertThat(ImageTokens.of(image(
                        0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0, 1, 0, 0, 0, 0, 0x10,
                        0)))
                .isBetween(150L, 250L);
        assertThat(ImageTokens.of("not an image")).isEqualTo(TokenEstimate.IMAGE);
        assertThat(count(
                        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"data\":\"%s\"}}]}]}"
                                .formatted(png)))
                .isEqualTo(1_007);
        byte[] body = ("{\"messages\":[{\"content\":\"" + "A".repeat(1_000_000) + "\"}]}").getBytes(UTF_8);
        assertThat(TokenEstimate.body(body, body.length)).isBetween(1_600L, 1_620L);
    }
}
