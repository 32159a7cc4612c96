package mlxstack.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import mlxstack.route.Seven.Tier;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** LiteLLM's score to the digit: what its proxy answered when it was asked, and its published lists and limits. */
class SevenTest {

    /** The scores in LiteLLM 1.106.0's {@code x-litellm-complexity-router-*} headers for these prompts and their like. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    hi                                                                               | SIMPLE    | -0.15 | false
                    what is the capital of France?                                                   | SIMPLE    | -0.15 | false
                    Please summarise the meeting notes from yesterday and send them to the whole team | SIMPLE   | 0.0   | false
                    Refactor this Python class: implement an async algorithm on kubernetes, each microservice in its container, with low latency and a benchmark | COMPLEX | 0.55 | false
                    Think through this step by step, weigh the options, and prove that the algorithm is optimal | REASONING | 0.4 | true
                    """)
    void asTheProxyAnswered(String text, Tier tier, double value, boolean override) {
        var score = Seven.score(text);
        assertThat(score.value()).isCloseTo(value, within(1e-9));
        assertThat(score.tier()).isEqualTo(tier);
        assertThat(score.override()).isEqualTo(override);
    }

    /** Words of its lists mixed with others at random: each line is a text and the tier, score and override it answered. */
    @Test
    void asItsOwnCodeScoredThem() throws IOException {
        var json = new JsonMapper();
        int lines = 0;
        try (var in = Objects.requireNonNull(SevenTest.class.getResourceAsStream("litellm-scores.jsonl"))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                var recorded = json.readTree(line);
                var score = Seven.score(recorded.get(0).asString());
                assertThat(List.of(score.tier().name(), score.value(), score.override()))
                        .as(line)
                        .isEqualTo(List.of(
                                recorded.get(1).asString(),
                                recorded.get(2).asDouble(),
                                recorded.get(3).asBoolean()));
                lines++;
            }
        }
        assertThat(lines).isGreaterThan(100);
    }

    /** Of the kind of its published evaluation, in words of our own. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Good morning, hello!                                | SIMPLE
                    Who was Ada Lovelace?                               | SIMPLE
                    How many moons has Jupiter?                         | SIMPLE
                    Define photosynthesis                               | SIMPLE
                    Thank you, that will do                             | SIMPLE
                    I tried the country entry, and poetry in the capital was fine for all of us at the table | SIMPLE
                    My script stops with an error as soon as the second database is opened, please find out why  | MEDIUM
                    Tell me which languages such as typescript and rust are suited for a terminal program        | MEDIUM
                    Plan a distributed, scalable architecture with encryption, authentication and low latency, and write the database schema and the api | COMPLEX
                    Write a python function with a sql query, and keep performance, memory and throughput of it in mind | COMPLEX
                    Evaluate it step by step: which database and which schema serve a shop with many orders      | REASONING
                    Let's think: break down the pros and cons of one algorithm against another for this task     | REASONING
                    """)
    void ofTheKindOfItsOwnCases(String text, Tier tier) {
        assertThat(Seven.score(text).tier()).isEqualTo(tier);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    a neutral line with nothing in it that could count for anything at all           |
                    the api of a neutral line with nothing else in it that could count for anything  | code
                    the capital of a neutral line with nothing in it that counts for anything        |
                    a short neutral line, and then nothing in it that could count for anything else  | simple_words
                    the latency of a neutral line with nothing else in it that counts for anything   |
                    latency and memory of a neutral line with nothing else that counts for anything  | technical
                    first a neutral line with nothing in it, then one that counts for nothing at all | multi_step
                    in step 2 a neutral line with nothing in it that could count for anything at all | multi_step
                    1. a neutral line with nothing in it that could count for anything at all, really | multi_step
                    b) a neutral line with nothing in it that could count for anything at all, really | multi_step
                    one? two? three? a neutral line with nothing in it that could count for anything |
                    one? two? three? four? a neutral line with nothing that could count for anything | questions
                    logical, and a neutral line with nothing else in it that counts for anything     | reasoning
                    """)
    void eachDimensionAlone(String text, String signal) {
        assertThat(Seven.score(text).signals()).isEqualTo(signal == null ? List.of() : List.of(signal));
    }

    @Test
    void lengthCountsInFourthsOfCharacters() {
        assertThat(Seven.score("x".repeat(59)).value()).isEqualTo(-0.1);
        assertThat(Seven.score("x".repeat(60)).value()).isZero();
        assertThat(Seven.score("x".repeat(1603)).value()).isZero();
        assertThat(Seven.score("x".repeat(1604)).value()).isEqualTo(0.1);
    }

    @Test
    void theListsAreWhole() {
        assertThat(SevenWords.CODE.all()).hasSize(45).doesNotHaveDuplicates();
        assertThat(SevenWords.REASONING.all()).hasSize(19).doesNotHaveDuplicates();
        assertThat(SevenWords.TECHNICAL.all()).hasSize(28).doesNotHaveDuplicates();
        assertThat(SevenWords.SIMPLE.all()).hasSize(26).doesNotHaveDuplicates();
    }

    /** A rounded sum may stand on either side of a limit: these stand where doubles, added in the published order, put them. */
    @Test
    void theSumIsOfDoubles() {
        assertThat(Seven.score("simple: debug the api").tier()).isEqualTo(Tier.SIMPLE);
        assertThat(Seven.score("simple: debug the api").value()).isEqualTo(-0.1 + 0.3 - 0.05);
    }

    @Test
    void noTextTakesLong() {
        for (String part : List.of("first ", "step ", "1", "1.", "a)", "what'", "<system-reminder>", "x")) {
            String text = part.repeat(2_000_000 / part.length());
            Assertions.assertTimeout(Duration.ofSeconds(5), () -> Seven.score(Reminders.stripped(text)));
        }
    }
}
