package mlxstack.probe;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Makes a model say something: nothing less proves that it is loaded. Stateless. */
final class Token {

    private static final int BODY = 64 * 1024;

    private Token() {}

    static Answer ask(int port, ModelServers.Question question, Deadline deadline) throws IOException {
        var uri = URI.create("http://127.0.0.1:" + port + question.path());
        var reply = Http.exchange(port, HttpGet.request("POST", uri, Map.of(), question.body()), BODY, deadline);
        if (reply.status() == 401 || reply.status() == 403) {
            // The user gave it a key of its own in args, which we do not know. It answers, and no more can be learnt.
            return Answer.success("answers, but wants a key to generate");
        }
        if (reply.status() / 100 != 2) {
            return Answer.failure("the model did not answer: HTTP " + reply.status() + Answer.quote(reply.body()));
        }
        return generated(reply.body())
                ? Answer.success("a token came out")
                : Answer.failure("the model did not answer: HTTP 200 with no choices:"
                        + (reply.body().isEmpty() ? " (no body)" : Answer.quote(reply.body())));
    }

    /** Whether the answer holds a choice and no error. The text itself may be empty: not every token is one. */
    private static boolean generated(String body) {
        boolean choices = false;
        try (var json = new JsonFactory().createParser(ObjectReadContext.empty(), body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                var name = json.currentName();
                var value = json.nextToken();
                switch (name) {
                    case "choices" -> {
                        choices = value == JsonToken.START_ARRAY && json.nextToken() == JsonToken.START_OBJECT;
                        if (choices) {
                            json.skipChildren();
                            while (json.nextToken() != JsonToken.END_ARRAY) {
                                json.skipChildren();
                            }
                        }
                    }
                    case "error" -> {
                        if (value != JsonToken.VALUE_NULL) {
                            return false;
                        }
                    }
                    default -> json.skipChildren();
                }
            }
            return choices;
        } catch (JacksonException e) {
            return false;
        }
    }
}
