package mlxstack.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vavr.collection.HashMap;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.Revision;
import mlxstack.reconcile.StackRecord;
import mlxstack.reconcile.State;
import mlxstack.reconcile.UnitRecord;
import mlxstack.spec.EnvValue;
import mlxstack.spec.Stack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    private final Json json = new Json();

    @ParameterizedTest
    @ValueSource(
            classes = {
                State.class,
                Event.class,
                Effect.class,
                UnitRecord.class,
                StackRecord.class,
                Revision.class,
                Stack.class
            })
    void whatIsWrittenIsReadBackEqualAndWrittenAgainTheSame(Class<?> type) {
        for (long seed = 0; seed < 300; seed++) {
            Object value = new RandomValues(seed).of(type);
            byte[] bytes = json.bytes(value);
            Object back = json.read(bytes, type).getOrElseThrow(why -> new AssertionError(type + ": " + why));
            assertThat(back).as("%s, seed %d", type, seed).isEqualTo(value);
            assertThat(json.text(back)).as("%s, seed %d", type, seed).isEqualTo(text(bytes));
            assertThat(text(bytes)).doesNotContain("\n");
        }
    }

    record Sorted(Map<String, Integer> java, io.vavr.collection.Map<Integer, String> vavr, java.util.Set<String> set) {}

    @Test
    void whatHasNoOrderIsWrittenSorted() {
        var value = new Sorted(
                Map.of("b", 2, "a", 1, "c", 3),
                HashMap.<Integer, String>empty().put(30, "x").put(7, "y"),
                java.util.Set.of("q", "p"));
        assertThat(json.text(value))
                .isEqualTo(
                        "{\"java\":{\"a\":1,\"b\":2,\"c\":3},\"vavr\":{\"30\":\"x\",\"7\":\"y\"},\"set\":[\"p\",\"q\"]}");
    }

    @Test
    void variantsNameThemselvesAndNothingLikeAGetterIsWritten() {
        assertThat(json.text(new EnvValue.Text("v"))).isEqualTo("{\"@\":\"Text\",\"text\":\"v\"}");
        assertThat(json.text(new mlxstack.reconcile.ExitStatus.Code(0))).isEqualTo("{\"@\":\"Code\",\"code\":0}");
    }

    @Test
    void fieldsOfLaterVersionsAreSkippedAndMissingOnesHaveTheirNeutralValue() {
        var flapping =
                read("{\"restarts\":3,\"window\":\"PT1M\",\"news\":{\"a\":[1,{\"b\":2}]},\"holdInitial\":\"PT2S\","
                        + "\"holdMax\":\"PT3S\"}");
        assertThat(flapping)
                .isEqualTo(new mlxstack.spec.Flapping(
                        3, Duration.ofMinutes(1), Duration.ofSeconds(2), Duration.ofSeconds(3)));
        assertThat(json.read("{}".getBytes(StandardCharsets.UTF_8), mlxstack.spec.Probes.class)
                        .get())
                .isEqualTo(mlxstack.spec.Probes.NONE);
        assertThat(json.read(
                                "{\"command\":[],\"timeout\":\"PT1S\"}".getBytes(StandardCharsets.UTF_8),
                                mlxstack.spec.ExecAction.class)
                        .get())
                .isEqualTo(new mlxstack.spec.ExecAction(List.of(), Duration.ofSeconds(1)));
    }

    private mlxstack.spec.Flapping read(String text) {
        return json.read(text.getBytes(StandardCharsets.UTF_8), mlxstack.spec.Flapping.class)
                .get();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "nonsense",
                "[]",
                "{} {}",
                "{\"restarts\":\"many\"}",
                "{\"restarts\":1}",
                "{\"restarts\":1,\"window\":\"soon\",\"holdInitial\":\"PT2S\",\"holdMax\":\"PT3S\"}",
                "{\"restarts\":99999999999,\"window\":\"PT1S\",\"holdInitial\":\"PT2S\",\"holdMax\":\"PT3S\"}"
            })
    void whatIsNotTheTypeIsALeftAndNoException(String text) {
        var result = json.read(text.getBytes(StandardCharsets.UTF_8), mlxstack.spec.Flapping.class);
        assertThat(result.isLeft()).isTrue();
        assertThat(result.getLeft()).isNotBlank();
    }

    @Test
    void theMessageSaysWhereAndWhat() {
        String text = "{\"@\":\"Cleared\",\"name\":\"a\",\"launch\":1,\"leftovers\":[\"x\",7]}";
        assertThat(json.read(text.getBytes(StandardCharsets.UTF_8), Event.class).getLeft())
                .isEqualTo("Event.leftovers[1]: expected text, found VALUE_NUMBER_INT");
        String unknown = "{\"@\":\"Vanished\"}";
        assertThat(json.read(unknown.getBytes(StandardCharsets.UTF_8), Event.class)
                        .getLeft())
                .contains("unknown Event \"Vanished\"");
    }

    record Odd(Thread thread) {}

    @Test
    void aTypeWithoutAJsonFormIsABug() {
        assertThatThrownBy(() -> json.bytes(new Odd(Thread.currentThread())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Thread");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
