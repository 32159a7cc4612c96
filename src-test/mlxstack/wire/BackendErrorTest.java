package mlxstack.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackendErrorTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                // status, content type, body, Retry-After: status, type, code, message, seconds
                "400|-|{\"error\":{\"message\":\"bad\",\"type\":\"invalid_request_error\",\"param\":\"tools\",\"code\":\"x\"}}|-|400|invalid_request_error|x|bad|0",
                "500|application/json|{\"error\": \"generation failed\"}|-|500|server_error|-|generation failed|0",
                "404|application/json|{\"error\": \"generation failed\"}|-|502|upstream_error|-|generation failed|0",
                "404|-|{\"error\":{\"message\":\"no such model\",\"code\":404,\"type\":\"not_found_error\"}}|-|404|invalid_request_error|-|no such model|0",
                "529|-|{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}|7|503|unavailable_error|overloaded|Overloaded|7",
                "400|-|{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"prompt is too long: 210000 tokens\"}}|-|400|invalid_request_error|context_length_exceeded|prompt is too long: 210000 tokens|0",
                "400|-|{\"error\":{\"code\":400,\"message\":\"the request exceeds the available context size\",\"type\":\"exceed_context_size_error\"}}|-|400|exceed_context_size_error|context_length_exceeded|the request exceeds the available context size|0",
                "422|-|{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"field required\",\"type\":\"missing\"}]}|-|422|invalid_request_error|-|field required|0",
                "404|-|{\"detail\":\"Not Found\"}|-|404|invalid_request_error|-|Not Found|0",
                "400|-|{\"object\":\"error\",\"message\":\"too hot\",\"type\":\"BadRequestError\",\"code\":400}|-|400|invalid_request_error|-|too hot|0",
                "429|-|{\"error\":{\"message\":\"slow down\",\"type\":\"rate_limit_exceeded\",\"code\":\"rate_limit_exceeded\"}}|2.2|429|rate_limit_error|rate_limit_exceeded|slow down|3",
                "429|-|{\"error\":{\"message\":\"Provider returned error\",\"metadata\":{\"raw\":\"busy\"}}}|-|429|rate_limit_error|-|Provider returned error: busy|1",
                "503|text/html|<html><head><title>503 Service Unavailable</title></head><body>x</body></html>|Wed, 21 Oct 2026 07:28:00 GMT|503|unavailable_error|-|503 Service Unavailable|60",
                "502|text/html|<style>p{}</style><p>no <b>upstream</b></p>|-|502|upstream_error|-|no upstream|0",
                "401|-|{\"error\":{\"message\":\"Incorrect API key\",\"type\":\"invalid_request_error\",\"code\":\"invalid_api_key\"}}|-|502|upstream_error|upstream_key|the endpoint refused the key that the gateway gave it; check the secret it is configured with|0",
                "403|-|{\"error\":{\"message\":\"flagged\"}}|-|403|permission_error|-|flagged|0",
                "402|-|{\"error\":{\"message\":\"no credits\"}}|-|402|insufficient_quota|-|no credits|0",
                "200|-|{\"error\":{\"message\":\"late\"}}|-|502|upstream_error|-|late|0",
                "500|text/plain|Internal Server Error|-|500|server_error|-|Internal Server Error|0",
                "400|-|[{\"error\":{\"message\":\"in a list\",\"status\":\"INVALID_ARGUMENT\"}}]|-|400|invalid_request_error|-|in a list|0"
            })
    void read(
            int status,
            @Nullable String contentType,
            String body,
            @Nullable String retryAfter,
            int ours,
            String type,
            @Nullable String code,
            String message,
            int seconds) {
        var error = BackendError.read(status, contentType, body.getBytes(UTF_8), retryAfter);
        assertThat(error.status()).isEqualTo(ours);
        assertThat(error.type()).isEqualTo(type);
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.message()).isEqualTo(message);
        assertThat(error.retryAfter()).isEqualTo(seconds);
    }

    @Test
    void saysItInEachDialect() {
        var error = BackendError.read(
                529,
                null,
                "{\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}".getBytes(UTF_8),
                "3");
        assertThat(Json.parsed(error.json(Dialect.MESSAGES)))
                .isEqualTo(Json.parsed(
                        "{\"type\":\"error\",\"error\":{\"message\":\"Overloaded\",\"type\":\"overloaded_error\"}}"));
        assertThat(Json.parsed(error.json(Dialect.CHAT)))
                .isEqualTo(
                        Json.parsed(
                                "{\"error\":{\"message\":\"Overloaded\",\"type\":\"unavailable_error\",\"code\":\"overloaded\",\"param\":null}}"));
    }

    @Test
    void anEmptyBodyAndALongOne() {
        assertThat(BackendError.read(500, null, new byte[0], null).message())
                .isEqualTo("the endpoint answered with status 500 and said no more");
        assertThat(BackendError.read(500, null, "x".repeat(100_000).getBytes(UTF_8), null)
                        .message())
                .hasSizeLessThan(400);
        assertThat(BackendError.read(500, null, ("{\"error\":\"" + "x".repeat(100_000) + "\"}").getBytes(UTF_8), null)
                        .message())
                .hasSizeLessThan(2_100);
    }
}
