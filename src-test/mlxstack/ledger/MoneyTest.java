package mlxstack.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import mlxstack.route.Hop;
import mlxstack.route.Price;
import mlxstack.spec.Timeouts;
import mlxstack.wire.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyTest {

    /** 3.00, 15.00, 0.30 and 3.75 USD a million. */
    private static final Price SONNET = new Price(3_000_000_000L, 15_000_000_000L, 300_000_000L, 3_750_000_000L);

    @ParameterizedTest
    @CsvSource({
        // in, out, read, written, nano-dollars
        "0, 0, 0, 0, 0",
        "1, 0, 0, 0, 3000",
        "0, 1, 0, 0, 15000",
        "1000000, 1000000, 0, 0, 18000000000",
        // Of a thousand prompt tokens, 900 came from the cache and 50 went into it.
        "1000, 10, 900, 50, 757500",
        // A backend that counts cached tokens beside the prompt, not within it.
        "10, 0, 900, 0, 270000",
        // The reasoning is part of the answer, not on top of it.
        "5, 7, 0, 0, 120000"
    })
    void everyKindOfTokenHasItsPrice(long in, long out, long read, long written, long nanos) {
        assertThat(Money.cost(SONNET, new Usage(in, out, read, written, 3))).isEqualTo(nanos);
    }

    @ParameterizedTest
    @CsvSource({"499999, 0", "500000, 1", "1499999, 1", "1500000, 2"})
    void aRequestIsRoundedOnceHalfUp(long nanosAMillion, long nanos) {
        assertThat(Money.cost(new Price(nanosAMillion, 0, 0, 0), new Usage(1, 0, 0, 0, 0)))
                .isEqualTo(nanos);
        // Two halves are one, not two.
        assertThat(Money.cost(new Price(500_000, 500_000, 0, 0), new Usage(1, 1, 0, 0, 0)))
                .isEqualTo(1);
    }

    @Test
    void whatDoesNotFitIntoALongIsStillRight() {
        var price = new Price(1_000_000_000_000L, 0, 0, 0);
        assertThat(Money.cost(price, new Usage(4_000_000_000L, 0, 0, 0, 0))).isEqualTo(4_000_000_000_000_000L);
        assertThat(Money.cost(price, new Usage(Long.MAX_VALUE, 0, 0, 0, 0))).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void thatALocalEndpointCostsNothingIsAPrice() {
        assertThat(Money.cost(Price.FREE, new Usage(1_000_000, 1_000_000, 0, 0, 0)))
                .isZero();
    }

    @Test
    void avoidedIsTheDearestRemoteModelOfTheRouteElseOfAll() {
        var usage = new Usage(1000, 100, 0, 0, 0);
        var local = Backends.local("primary");
        var cheap = Backends.remote("openrouter/small", new Price(100_000_000L, 400_000_000L, 0, 0));
        var dear = Backends.remote("openrouter/premium", SONNET);
        assertThat(Money.avoided(usage, 0, hops(local, cheap), List.of(local, cheap, dear)))
                .isEqualTo(140_000);
        assertThat(Money.avoided(usage, 0, hops(local), List.of(local, cheap, dear)))
                .isEqualTo(4_500_000);
        assertThat(Money.avoided(usage, 140_000, hops(cheap, dear), List.of(local, cheap, dear)))
                .isEqualTo(4_360_000);
        assertThat(Money.avoided(usage, 4_500_000, hops(dear), List.of(dear))).isZero();
        assertThat(Money.avoided(usage, 0, hops(local), List.of(local))).isNull();
    }

    private static List<Hop> hops(mlxstack.route.Backend... backends) {
        return java.util.Arrays.stream(backends)
                .map(backend -> new Hop(backend, Timeouts.DEFAULT, false, null))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "5000000000, 5.00",
        "0, 0.00",
        "100000000, 0.10",
        "42000000, 0.042",
        "4200000, 0.0042",
        "1, 0.000000001",
        "123456789012, 123.46"
    })
    void sentencesShowWhatMatters(long nanos, String text) {
        assertThat(Money.text(nanos)).isEqualTo(text);
    }

    @Test
    void decimalsComeInExactly() {
        assertThat(Money.nanos(new BigDecimal("5.00"))).isEqualTo(5_000_000_000L);
        assertThat(Money.nanos(new BigDecimal("0.0000000019"))).isEqualTo(1);
        assertThat(Money.dollars(1_500_000_000L)).isEqualByComparingTo("1.5");
    }
}
