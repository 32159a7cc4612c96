package mlxstack.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTest {

    private static final Role[] ROLES = Role.values();

    private record Toy(int name, long weights, long perToken, List<Double> worths) implements Search.Option {

        @Override
        public double worth(int role) {
            return worths.get(role);
        }

        @Override
        public boolean alike(Search.Option other) {
            return name != 0 && other instanceof Toy toy && toy.name == name;
        }

        @Override
        public long bytes(int context, int concurrency) {
            return weights + perToken * context * concurrency;
        }
    }

    private static Toy toy(long weights, double... worths) {
        return new Toy(0, weights, 0, Arrays.stream(worths).boxed().toList());
    }

    private static List<Wish> wishes(int count) {
        var wishes = new ArrayList<Wish>();
        for (int i = 0; i < count; i++) {
            wishes.add(new Wish(ROLES[i], 1.0 / count, false, 10 * (i + 1), i + 1));
        }
        return wishes;
    }

    private static int[] run(List<Toy> toys, int roles, long budget) {
        return new Search(toys, wishes(roles), budget).run().chosen();
    }

    @Test
    void aSetIsChosenAndNotTheBestOfEachRole() {
        // Alone, 0 is the best in the first role; but then nothing is left for the second.
        var toys = List.of(toy(90, .5, -1), toy(60, .4, -1), toy(40, -1, .4));
        assertThat(run(toys, 2, 100)).containsExactly(1, 2);
        assertThat(run(toys, 2, 130)).containsExactly(0, 2);
        assertThat(run(toys, 2, 60)).as("the leading role first").containsExactly(1, -1);
        assertThat(run(toys, 2, 50)).containsExactly(-1, 2);
        assertThat(run(toys, 2, 10)).containsExactly(-1, -1);
    }

    @Test
    void oneModelFillsSeveralRolesUnlessAnotherIsWorthIt() {
        var toys = List.of(toy(50, .5, .4), toy(10, .1, .37), toy(10, .1, .38));
        assertThat(run(toys, 2, 100)).as("0.36 shared, 0.37 and a process more").containsExactly(0, 2);
        assertThat(run(toys.subList(0, 2), 2, 100)).containsExactly(0, 0);
        assertThat(run(toys, 2, 55)).as("its memory counts once").containsExactly(0, 0);
    }

    @Test
    void aModelIsNotRunInTwoForms() {
        var toys = List.of(
                new Toy(1, 20, 0, List.of(.5, .3)),
                new Toy(1, 10, 0, List.of(.4, .45)),
                new Toy(2, 10, 0, List.of(.1, .42)));
        assertThat(run(toys, 2, 100)).containsExactly(0, 2);
    }

    @Test
    void memoryThatIsLeftIsNoVirtueAndOfEqualsTheSmallerWins() {
        assertThat(run(List.of(toy(10, .3), toy(90, .31)), 1, 100)).containsExactly(1);
        assertThat(run(List.of(toy(90, .3), toy(10, .3)), 1, 100)).containsExactly(1);
        assertThat(run(List.of(toy(10, .3), toy(10, .3)), 1, 100)).containsExactly(0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void itIsExact(long seed) {
        var random = new Random(seed);
        int roles = 1 + random.nextInt(4);
        var toys = new ArrayList<Toy>();
        for (int i = 0; i < 7; i++) {
            double[] worths = new double[roles];
            for (int role = 0; role < roles; role++) {
                worths[role] = random.nextInt(5) == 0 ? -1 : random.nextDouble() / roles;
            }
            toys.add(new Toy(
                    0,
                    1 + random.nextInt(60),
                    random.nextInt(2),
                    Arrays.stream(worths).boxed().toList()));
        }
        long budget = 20L + random.nextInt(120);
        int[] found = run(toys, roles, budget);
        assertThat(bytes(toys, found)).isLessThanOrEqualTo(budget);
        assertThat(worth(toys, found)).isCloseTo(most(toys, new int[roles], 0, budget), within(1e-9));
    }

    @Test
    void sixRolesAmongSixtyModelsAreNoTrouble() {
        var random = new Random(7);
        var toys = new ArrayList<Toy>();
        for (int i = 0; i < 60; i++) {
            long weights = 5L + random.nextInt(100);
            double[] worths = new double[6];
            for (int role = 0; role < worths.length; role++) {
                worths[role] = (.3 + .6 * weights / 105 + .1 * random.nextDouble()) / 6;
            }
            toys.add(toy(weights, worths));
        }
        assertThat(bytes(toys, run(toys, 6, 150))).isBetween(1L, 150L);
    }

    private static double most(List<Toy> toys, int[] chosen, int role, long budget) {
        if (role == chosen.length) {
            return bytes(toys, chosen) <= budget ? worth(toys, chosen) : -1;
        }
        double most = -1;
        for (int option = -1; option < toys.size(); option++) {
            if (option < 0 || toys.get(option).worth(role) >= 0) {
                chosen[role] = option;
                most = Math.max(most, most(toys, chosen, role + 1, budget));
            }
        }
        return most;
    }

    private static double worth(List<Toy> toys, int[] chosen) {
        double worth = 0;
        for (int role = 0; role < chosen.length; role++) {
            if (chosen[role] >= 0) {
                double each = toys.get(chosen[role]).worth(role) + (role == 0 ? 1 : 0);
                worth += first(chosen, role) ? each - Search.EACH_MODEL : each * Search.SHARED;
            }
        }
        return worth;
    }

    private static boolean first(int[] chosen, int role) {
        for (int before = 0; before < role; before++) {
            if (chosen[before] == chosen[role]) {
                return false;
            }
        }
        return true;
    }

    private static long bytes(List<Toy> toys, int[] chosen) {
        long bytes = 0;
        var wishes = wishes(chosen.length);
        for (int role = 0; role < chosen.length; role++) {
            if (chosen[role] >= 0 && first(chosen, role)) {
                int context = 0;
                int concurrency = 0;
                for (int other = role; other < chosen.length; other++) {
                    if (chosen[other] == chosen[role]) {
                        context = Math.max(context, wishes.get(other).context());
                        concurrency = Math.max(concurrency, wishes.get(other).concurrency());
                    }
                }
                bytes += toys.get(chosen[role]).bytes(context, concurrency);
            }
        }
        return bytes;
    }
}
