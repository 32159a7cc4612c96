package mlxstack.upstream;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QueueTest {

    private final Queue<String> queue = new Queue<>();

    private List<String> drained() {
        var order = new ArrayList<String>();
        for (String next = queue.next(); next != null; next = queue.next()) {
            order.add(next);
            queue.admit();
            queue.leave(-1);
        }
        return order;
    }

    @Test
    void theKeysTakeTurnsAndWithinOneTheFirstComesFirst() {
        queue.limits(1, 100);
        queue.enter();
        for (String each : List.of("a1", "a2", "a3", "b1", "b2", "c1")) {
            queue.add(each.substring(0, 1), each);
        }
        assertThat(queue.next()).as("the slot is taken").isNull();
        queue.leave(-1);
        assertThat(drained()).containsExactly("a1", "b1", "c1", "a2", "b2", "a3");
    }

    @Test
    void aNewcomerDoesNotOvertakeWhoWaits() {
        queue.limits(1, 2);
        assertThat(queue.free()).isTrue();
        queue.enter();
        queue.add("a", "a1");
        queue.leave(-1);
        assertThat(queue.free()).isFalse();
        assertThat(queue.full()).isFalse();
        queue.add("b", "b1");
        assertThat(queue.full()).isTrue();
    }

    @Test
    void whoGoesLeavesNoGap() {
        queue.limits(1, 9);
        queue.enter();
        queue.add("a", "a1");
        queue.add("b", "b1");
        assertThat(queue.remove("a", "a1")).isTrue();
        assertThat(queue.remove("a", "a1")).isFalse();
        assertThat(queue.position("b", "b1")).isEqualTo(1);
        queue.leave(-1);
        assertThat(drained()).containsExactly("b1");
        assertThat(queue.waiting()).isZero();
        assertThat(queue.running()).isZero();
    }

    @Test
    void withoutALimitEverybodyIsTaken() {
        queue.limits(0, 0);
        for (int i = 0; i < 1_000; i++) {
            assertThat(queue.free()).isTrue();
            queue.enter();
        }
    }

    /** Whatever is queued: the position that is told is the one that comes true when nobody comes or goes. */
    @Test
    void thePositionIsTheOneThatComesTrue() {
        for (int seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var some = new Queue<String>();
            some.limits(1, 1_000);
            some.enter();
            var keys = new HashMap<String, String>();
            for (int i = 0; i < 30; i++) {
                String key = "k" + random.nextInt(5);
                keys.put("r" + i, key);
                some.add(key, "r" + i);
                if (random.nextInt(4) == 0) {
                    some.leave(-1);
                    keys.remove(some.next());
                    some.admit();
                }
            }
            var told = new HashMap<String, Integer>();
            keys.forEach((request, key) -> told.put(request, some.position(key, request)));
            some.leave(-1);
            for (int turn = 1; !keys.isEmpty(); turn++) {
                String next = some.next();
                assertThat(told).as("seed %d", seed).containsEntry(next, turn);
                keys.remove(next);
                some.admit();
                some.leave(-1);
            }
        }
    }

    @Test
    void estimatesFromHowLongOthersTook() {
        queue.limits(2, 9);
        assertThat(queue.estimate(5)).as("nothing is known").isEqualTo(1);
        for (int i = 0; i < 40; i++) {
            queue.enter();
            queue.leave(SECONDS.toNanos(i == 20 ? 100 : 10));
        }
        assertThat(queue.estimate(1)).isBetween(5, 6);
        assertThat(queue.estimate(4)).isBetween(20, 22);
        queue.enter();
        queue.leave(-1);
        assertThat(queue.estimate(4)).as("a client that left says nothing").isBetween(20, 22);
    }
}
