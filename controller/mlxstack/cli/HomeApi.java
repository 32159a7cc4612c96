package mlxstack.cli;

import io.vavr.control.Either;
import io.vavr.control.Option;
import java.io.IOException;
import mlxstack.store.Home;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the daemon of a home tells a program of its own. Holds nothing. */
record HomeApi(Home home) {

    /** The process as the API shows it. Left: there is no daemon, or no such process. */
    Either<String, JsonNode> process(String name) {
        return read("/apis/mlxstack.dev/v1/processes/" + name);
    }

    /** None without a daemon, and before it has accepted a stack. */
    Option<JsonNode> stack() {
        return read("/apis/mlxstack.dev/v1/stacks")
                .toOption()
                .map(list -> list.path("items").path(0))
                .filter(JsonNode::isObject);
    }

    /** Has it run a command line. Right: what that printed. */
    Either<String, String> run(String... arguments) {
        try {
            return LocalCall.run(home.socket(), arguments);
        } catch (IOException e) {
            return Either.left(String.valueOf(e.getMessage()));
        }
    }

    private Either<String, JsonNode> read(String path) {
        try {
            return LocalCall.get(home.socket(), path)
                    .map(body -> JsonMapper.shared().readTree(body));
        } catch (IOException | JacksonException e) {
            return Either.left(String.valueOf(e.getMessage()));
        }
    }
}
