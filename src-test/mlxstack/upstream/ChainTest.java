package mlxstack.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import mlxstack.route.Backend;
import mlxstack.route.Backend.Availability;
import mlxstack.route.Price;
import mlxstack.spec.Provider;
import mlxstack.upstream.Fault.Kind;
import mlxstack.upstream.Standing.Room;
import mlxstack.wire.ApiError;
import mlxstack.wire.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Each row is a decision. */
class ChainTest {

    // NullAway does not see in class files that the type of a provider may be null.
    @SuppressWarnings("NullAway")
    private static Backend backend(String id, Availability availability, boolean local, @Nullable Integer window) {
        return new Backend(
                id,
                List.of(id),
                URI.create("http://127.0.0.1:9"),
                null,
                local ? null : Provider.Type.OPENAI,
                null,
                Set.of(Operation.CHAT_COMPLETIONS),
                availability,
                7,
                1,
                2,
                Duration.ofSeconds(30),
                window,
                Price.FREE);
    }

    /**
     * Words of a hop: an availability; {@code place}, {@code full}; {@code open}; {@code rests}; {@code tried};
     * {@code paid}; {@code spills}; {@code impatient}; {@code w4096} for its window.
     */
    private static List<Standing> hops(String table) {
        var hops = new ArrayList<Standing>();
        for (String text : table.split("/")) {
            var words = Set.of(text.strip().split(" +"));
            var availability = Availability.READY;
            Integer window = null;
            for (String word : words) {
                for (Availability each : Availability.values()) {
                    availability = each.word().equals(word) ? each : availability;
                }
                window = word.matches("w[0-9]+") ? Integer.valueOf(word.substring(1)) : window;
            }
            hops.add(new Standing(
                    backend("h" + hops.size(), availability, !words.contains("paid"), window),
                    words.contains("tried"),
                    words.contains("rests") ? 9 : 0,
                    words.contains("open"),
                    words.contains("full") ? Room.FULL : words.contains("place") ? Room.PLACE : Room.FREE,
                    words.contains("spills"),
                    !words.contains("impatient"),
                    4));
        }
        return hops;
    }

    private static String said(Step step) {
        return switch (step) {
            case Step.Attempt(int hop) -> "ask " + hop;
            case Step.Wait(int hop) -> "wait " + hop;
            case Step.Answer(ApiError e) -> e.status() + " " + e.code() + " " + e.retryAfter();
            case Step.PassOn() -> "pass on";
            case Step.BreakOff(ApiError e) -> "break off " + e.status();
            case Step.Drop() -> "drop";
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ready                              | ask 0",
                "ready / ready                      | ask 0",
                "unavailable / ready                | ask 1",
                "starting / ready                   | ask 1",
                "draining / ready paid              | ask 1",
                "starting                           | wait 0",
                "draining                           | wait 0",
                "stopped / starting                 | wait 1",
                "starting impatient                 | 503 endpoint_starting 7",
                "draining impatient                 | 503 endpoint_draining 7",
                "unavailable                        | 503 endpoint_unavailable 7",
                "stopped                            | 503 endpoint_stopped 60",
                "stopped / unavailable              | 503 endpoint_unavailable 7",
                "place                              | wait 0",
                "place / ready                      | wait 0",
                "place impatient                    | 503 queue_timeout 4",
                "place impatient / ready paid       | 503 queue_timeout 4",
                "place impatient spills / paid      | ask 1",
                "place impatient / ready            | ask 1",
                "full                               | 429 queue_full 4",
                "full spills                        | 429 queue_full 4",
                "full / ready paid                  | 429 queue_full 4",
                "full spills / ready paid           | ask 1",
                "full spills / place                | wait 1",
                "full spills / unavailable paid     | 429 queue_full 4",
                "full / ready                       | ask 1",
                "full / full                        | 429 queue_full 4",
                "open / ready                       | ask 1",
                "open                               | ask 0",
                "open / open                        | ask 0",
                "open / unavailable                 | ask 0",
                "open / place                       | wait 1",
                "open place / stopped               | wait 0",
                "rests / ready                      | ask 1",
                "rests                              | 429 backend_resting 9",
                "rests / open                       | ask 1",
                "rests / starting                   | wait 1",
                "rests / starting impatient         | 429 backend_resting 9",
            })
    void aRequestThatIsWithNobody(String hops, String expected) {
        assertThat(said(Chain.next(hops(hops)))).isEqualTo(expected);
    }

    /** Every row of D.1, at hop 0 of two. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "REFUSED      |   0 | ask 1   | 503 null 3",
                "CLOSED       |   0 | ask 1   | 503 null 3",
                "STATUS       | 500 | ask 1   | pass on",
                "STATUS       | 502 | ask 1   | pass on",
                "STATUS       | 503 | ask 1   | pass on",
                "STATUS       | 504 | ask 1   | pass on",
                "STATUS       | 529 | ask 1   | pass on",
                "STATUS       | 429 | ask 1   | pass on",
                "STATUS       | 408 | ask 1   | pass on",
                "STATUS       | 404 | ask 1   | pass on",
                "STATUS       | 400 | pass on | pass on",
                "STATUS       | 401 | pass on | pass on",
                "STATUS       | 402 | pass on | pass on",
                "STATUS       | 403 | pass on | pass on",
                "STATUS       | 413 | pass on | pass on",
                "STATUS       | 422 | pass on | pass on",
                "SILENT       |   0 | ask 1   | 503 null 3",
                "ERROR_EVENT  |   0 | ask 1   | 503 null 3",
                "EMPTY        |   0 | ask 1   | 503 null 3",
                "MALFORMED    |   0 | ask 1   | 503 null 3",
                "TRUNCATED    |   0 | ask 1   | 503 null 3",
                "STALLED      |   0 | ask 1   | 503 null 3",
                "OVERDUE      |   0 | ask 1   | 503 null 3",
                "OVERSPENT    |   0 | ask 1   | 503 null 3",
                "UNTRANSLATABLE | 0 | ask 1 | 503 null 3",
                "GONE         |   0 | drop    | drop",
                "ABANDONED    |   0 | 503 null 3 | 503 null 3",
            })
    void aFaultBeforeContentAndWithTheLastOne(Kind kind, int status, String withNext, String asLast) {
        var fault = fault(kind, status, false);
        assertThat(said(Chain.after(fault, 0, List.of(), false, hops("tried / ready paid"))))
                .isEqualTo(withNext);
        assertThat(said(Chain.after(fault, 0, List.of(), false, hops("tried impatient"))))
                .isEqualTo(asLast);
        assertThat(said(Chain.after(fault, 0, List.of(), false, hops("tried impatient / unavailable"))))
                .isEqualTo(asLast);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "GONE")
    void afterContentNobodyElseGoesOn(Kind kind) {
        assertThat(said(Chain.after(fault(kind, 500, false), 0, List.of(), true, hops("tried / ready"))))
                .isEqualTo("break off 503");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tried w4096 / ready w4096 / ready w32768 paid | ask 2",
                "tried w4096 / place w32768                    | wait 1",
                "tried w4096 / full w32768                     | pass on",
                "tried w4096 / ready                           | pass on",
                "tried / ready w32768                          | pass on",
            })
    void aPromptThatIsTooLongGoesToALargerWindowOnly(String hops, String expected) {
        for (int status : new int[] {400, 413, 422}) {
            assertThat(said(Chain.after(fault(Kind.STATUS, status, true), 0, List.of(), false, hops(hops))))
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "STATUS 500  | STATUS 500  | pass on",
                "STATUS 500  | STATUS 502  | ask 2",
                "CLOSED 0    | CLOSED 0    | 503 null 3",
                "EMPTY 0     | EMPTY 0     | 503 null 3",
                "MALFORMED 0 | MALFORMED 0 | 503 null 3",
                "ERROR_EVENT 0 | ERROR_EVENT 0 | 503 null 3",
                "CLOSED 0    | STATUS 500  | ask 2",
                "STATUS 503  | STATUS 503  | ask 2",
                "STATUS 504  | STATUS 504  | ask 2",
                "STATUS 529  | STATUS 529  | ask 2",
                "STATUS 429  | STATUS 429  | ask 2",
                "STATUS 404  | STATUS 404  | ask 2",
                "REFUSED 0   | REFUSED 0   | ask 2",
                "SILENT 0    | SILENT 0    | ask 2",
            })
    void aRequestThatBreaksTwoTheSameWayStopsFalling(String first, String second, String expected) {
        assertThat(said(Chain.after(fault(second), 1, List.of(fault(first)), false, hops("tried / tried / ready"))))
                .isEqualTo(expected);
        assertThat(Chain.poison(fault(second), List.of(fault(first)))).isEqualTo(!expected.startsWith("ask"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "REFUSED | tried           | wait 0",
                "REFUSED | tried / ready   | ask 1",
                "REFUSED | tried / starting | wait 1",
                "REFUSED | tried paid      | 503 null 3",
                "REFUSED | tried impatient | 503 null 3",
                "CLOSED  | tried           | 503 null 3",
            })
    void anEndpointOfOursThatTakesNoConnectionIsAboutToStartAgain(Kind kind, String hops, String expected) {
        assertThat(said(Chain.after(fault(kind, 0, false), 0, List.of(), false, hops(hops))))
                .isEqualTo(expected);
    }

    @Test
    void aClientsOwnDoingSpeaksAgainstNobody() {
        for (Kind kind : Kind.values()) {
            boolean blames = fault(kind, 500, false).blames();
            assertThat(blames)
                    .as(kind.name())
                    .isEqualTo(
                            switch (kind) {
                                case GONE, ABANDONED, OVERSPENT, UNTRANSLATABLE, OVERDUE -> false;
                                case REFUSED,
                                        CLOSED,
                                        STATUS,
                                        SILENT,
                                        ERROR_EVENT,
                                        EMPTY,
                                        MALFORMED,
                                        TRUNCATED,
                                        STALLED -> true;
                            });
        }
        for (int status : new int[] {400, 401, 403, 404, 413, 422, 429}) {
            assertThat(fault(Kind.STATUS, status, false).blames()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "This model's maximum context length is 4096 tokens. However…          | true",
                "the request exceeds the available context size. try increasing it      | true",
                "{\"error\":{\"type\":\"exceed_context_size_error\"}}                   | true",
                "context_length_exceeded                                                | true",
                "prompt is too long: 210000 tokens > 200000 maximum                     | true",
                "messages: at least one message is required                             | false",
                "Invalid value for 'tools[0].function.name'                             | false",
            })
    void knowsThatAPromptIsTooLong(String text, boolean expected) {
        assertThat(Fault.saysTooLong(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"error\":{\"code\":\"model_not_found\"}}        | true",
                "{\"error\":\"Repository Not Found for url\"}        | true",
                "{\"detail\":\"Not Found\"}                          | true",
                "''                                                      | true",
                "{\"details\":{\"error_code\":\"thread_not_found\"}} | false",
                "Previous response with id 'resp_1' not found: previous_response_not_found | false",
            })
    void tellsABackendWithoutTheModelFromAClientsMistake(String text, boolean expected) {
        var error = new ApiError(404, "not_found", null, null, "x", 0);
        var fault = Fault.status(404, 0, text, error);
        assertThat(fault.missing()).isEqualTo(expected);
        assertThat(said(Chain.after(fault, 0, List.of(), false, hops("tried / ready"))))
                .isEqualTo(expected ? "ask 1" : "pass on");
    }

    private static Fault fault(String text) {
        var words = text.split(" ");
        return fault(Kind.valueOf(words[0].toUpperCase(Locale.ROOT)), Integer.parseInt(words[1]), false);
    }

    private static Fault fault(Kind kind, int status, boolean tooLong) {
        var error = new ApiError(503, "upstream_error", null, null, "x", 3);
        return kind == Kind.STATUS ? new Fault(kind, status, 3, tooLong, status == 404, error) : Fault.of(kind, error);
    }
}
