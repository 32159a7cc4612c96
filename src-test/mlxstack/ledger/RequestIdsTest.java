package mlxstack.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestIdsTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @Test
    void eachIsGreaterThanTheOneBeforeAlsoWhenTheClockIsSetBack() {
        var ids = new RequestIds();
        var made = new ArrayList<String>();
        for (int i = 0; i < 3000; i++) {
            made.add(ids.next(NOON.plusMillis(i / 100)));
        }
        for (int i = 0; i < 1000; i++) {
            made.add(ids.next(NOON.minusSeconds(3600)));
        }
        made.add(ids.next(NOON.plusSeconds(1)));
        assertThat(made).isSorted().doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-f]{16}"));
        assertThat(made.getLast())
                .startsWith("%011x".formatted(NOON.plusSeconds(1).toEpochMilli()));
    }

    @Test
    void thoseOfAnotherProcessAreOthers() {
        var all = new HashSet<String>();
        var processes = List.of(new RequestIds(), new RequestIds(), new RequestIds());
        for (int i = 0; i < 100; i++) {
            for (var ids : processes) {
                all.add(ids.next(NOON.plusMillis(i)));
            }
        }
        // Two in half a million of the same millisecond may meet: one of three hundred at most, ever.
        assertThat(all).hasSizeGreaterThanOrEqualTo(299);
    }
}
