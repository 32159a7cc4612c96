package mlxstack.route;

import static mlxstack.route.Tables.endpoint;
import static mlxstack.route.Tables.ids;
import static mlxstack.route.Tables.key;
import static mlxstack.route.Tables.keyed;
import static mlxstack.route.Tables.known;
import static mlxstack.route.Tables.map;
import static mlxstack.route.Tables.remote;
import static mlxstack.route.Tables.route;
import static mlxstack.route.Tables.status;
import static mlxstack.route.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import mlxstack.route.Backend.Availability;
import mlxstack.spec.ClientKey;
import mlxstack.spec.Complexity;
import mlxstack.spec.Complexity.Classifier;
import mlxstack.spec.Complexity.Mode;
import mlxstack.wire.ApiError;
import mlxstack.wire.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectionTest {

    private static final List<String> ORDER = List.of("fast", "primary", "premium");
    private static final List<Availability> STATES = List.of(Availability.values());
    private static final Map<String, Complexity.Level> LEVELS = Map.of(
            "trivial", new Complexity.Level("fast", 256),
            "simple", new Complexity.Level("fast", null),
            "standard", new Complexity.Level("primary", null),
            "complex", new Complexity.Level("primary", null),
            "expert", new Complexity.Level("premium", 4096));
    private static final Map<String, Complexity.Role> ROLES = Map.of(
            "reviewer", new Complexity.Role("expert", null),
            "clerk", new Complexity.Role("trivial", null),
            "writer", new Complexity.Role(null, "primary"));
    private static final List<Backend> ALL =
            List.of(endpoint("fast", 8_000), endpoint("primary", 32_000), remote("cloud", "premium", 10));
    private static final Spending NOTHING = (_, backend, nano, _) ->
            nano > 0 ? new ApiError(402, "billing_error", "credit_limit", null, "gone", 0) : null;

    private static Complexity complexity(Mode mode, Classifier classifier) {
        return new Complexity(mode, classifier, "auto", LEVELS, ROLES, ORDER);
    }

    private static Table declared(List<Backend> backends, ClientKey... keys) {
        return table(backends, List.of(keys), complexity(Mode.ON, Classifier.DECLARED));
    }

    private static Decision decide(Table table, String... context) {
        return Router.decide(table, Tables.ask("auto", context));
    }

    private static Ask.Traits traits(long tokens, boolean images, boolean tools) {
        return new Ask.Traits(tokens, 0, images, tools, "", null);
    }

    private static Ask with(Ask.@Nullable Traits traits, String... context) {
        return new Ask(Operation.CHAT_COMPLETIONS, "auto", null, null, Map.of(), map(context), traits);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                                                                                                            | standard | undeclared
                    output_length_target=short context_richness=low                                         | trivial  | output_short context_low
                    output_length_target=100 context_richness=0.2                                           | trivial  | output_short context_low
                    output_length_target=short                                                              | simple   | output_short
                    has_revision_history=true                                                               | standard | revision_history
                    output_length_target=2048 context_richness=medium                                       | standard | output_medium context_medium
                    requires_reasoning=true                                                                 | complex  | requires_reasoning
                    output_length_target=long context_richness=high has_revision_history=yes                | complex  | output_long context_high revision_history
                    output_length_target=long context_richness=high requires_reasoning=1                    | expert   | output_long context_high requires_reasoning
                    output_length_target=8000 context_richness=1 has_revision_history=true requires_reasoning=true | expert | output_long context_high revision_history requires_reasoning
                    requires_reasoning=false has_revision_history=no                                        | standard | undeclared
                    output_length_target=epic has_revision_history=perhaps context_richness=-1              | standard | unreadable:output_length_target unreadable:context_richness unreadable:has_revision_history
                    agent_role=reviewer output_length_target=short                                          | expert   | role:reviewer
                    agent_role=nobody                                                                       | standard | undeclared
                    """)
    void declaredSignalsMakeALevel(String context, String level, String signals) {
        var to = (Decision.To) decide(declared(ALL), context == null ? new String[0] : context.split(" "));
        assertThat(to.level()).isEqualTo(level);
        assertThat(to.reasons().subList(0, 1)).containsExactly("complexity:" + level);
        assertThat(to.reasons().subList(1, to.reasons().size())).containsExactly(signals.split(" "));
    }

    @Test
    void aLevelIsAModelAndALimitThenWhatIsAboveThenWhatIsBelow() {
        var to = (Decision.To) decide(declared(ALL), "agent_role=clerk");
        assertThat(ids(to)).containsExactly("fast", "primary", "cloud/premium");
        assertThat(to.hops().getFirst().maxTokens()).isEqualTo(256);
        assertThat(ids(decide(declared(ALL)))).containsExactly("primary", "cloud/premium", "fast");
        assertThat(ids(decide(declared(ALL), "agent_role=reviewer")))
                .containsExactly("cloud/premium", "primary", "fast");
    }

    @Test
    void textIsScoredAsLiteLlmDoesAndItsTiersAreLevels() {
        var table = table(ALL, List.of(), complexity(Mode.ON, Classifier.TEXT));
        for (var one : Map.of(
                        "hi", "simple",
                        "please debug the api and tell me everything about it then, in a few sentences", "standard",
                        "step by step, evaluate every one of these offers for us and tell us which is best", "expert")
                .entrySet()) {
            var ask = with(new Ask.Traits(10, 0, false, false, one.getKey()));
            assertThat(((Decision.To) Router.decide(table, ask)).level()).isEqualTo(one.getValue());
        }
        assertThat(Router.decide(table, with(new Ask.Traits(1, 0, false, false, "x".repeat(80))))
                        .reasons())
                .containsExactly("complexity:simple", "no_signal");
        assertThat(Router.decide(table, with(null)).reasons()).containsExactly("complexity:standard", "no_text");
    }

    @Test
    void floorsOfKeyAndRoleOnlyLift() {
        var keys = List.of(key("any"), known(key("vip"), "premium"), known(key("mid"), "standard"));
        var table = table(ALL, keys, complexity(Mode.ON, Classifier.DECLARED));
        assertThat(ids(Router.decide(table, keyed("any", "auto", "agent_role=clerk"))))
                .startsWith("fast");
        var lifted = Router.decide(table, keyed("mid", "auto", "agent_role=clerk"));
        assertThat(ids(lifted)).containsExactly("primary", "cloud/premium");
        assertThat(lifted.reasons()).containsExactly("complexity:trivial", "role:clerk", "floor:primary");
        assertThat(ids(Router.decide(table, keyed("mid", "auto", "agent_role=reviewer"))))
                .startsWith("cloud/premium");
        assertThat(ids(Router.decide(table, keyed("vip", "auto", "agent_role=clerk"))))
                .containsExactly("cloud/premium");
        assertThat(ids(Router.decide(table, keyed("any", "auto", "agent_role=writer", "output_length_target=short"))))
                .containsExactly("primary", "cloud/premium");
    }

    @Test
    void whatCannotTakeTheRequestIsLeftOut() {
        var table = declared(List.of(
                endpoint("fast", 8_000, "tools"),
                endpoint("primary", 32_000, "vision"),
                remote("cloud", "premium", 10)));
        var large = Router.decide(table, with(traits(9_000, false, false), "agent_role=clerk"));
        assertThat(ids(large)).containsExactly("primary", "cloud/premium");
        assertThat(large.reasons()).contains("context_window:fast");
        var picture = Router.decide(table, with(traits(10, true, false), "agent_role=clerk"));
        assertThat(ids(picture)).containsExactly("primary", "cloud/premium");
        assertThat(picture.reasons()).contains("vision:fast");
        assertThat(ids(Router.decide(table, with(traits(10, false, true))))).containsExactly("cloud/premium", "fast");
        // Where nobody declares an ability nobody lacks it.
        assertThat(ids(Router.decide(declared(ALL), with(traits(10, true, true)))))
                .startsWith("primary");
        var none = declared(List.of(endpoint("fast", 10), endpoint("primary", 10), endpoint("premium", 10)));
        assertThat(status(Router.decide(none, with(traits(99, false, false))))).isEqualTo(400);
    }

    @Test
    void moneyStepsDownButNotBelowTheFloor() {
        var table = declared(ALL, known(key("mid"), "primary"), known(key("vip"), "premium"));
        var mid = Router.decide(table, keyed("mid", "auto", "agent_role=reviewer"), new Standing(null, NOTHING));
        assertThat(ids(mid)).containsExactly("primary");
        assertThat(mid.reasons()).containsExactly("complexity:expert", "role:reviewer", "credit_limit");
        var vip = Router.decide(table, keyed("vip", "auto", "agent_role=clerk"), new Standing(null, NOTHING));
        assertThat(status(vip)).isEqualTo(402);
        assertThat(vip.reasons()).contains("floor:premium", "credit_limit");
        // A second choice that costs too much is not one.
        assertThat(ids(Router.decide(table, keyed("mid", "auto"), new Standing(null, NOTHING))))
                .containsExactly("primary");
    }

    @Test
    void anEstimateIsOfThePromptAndTheAnswerToExpect() {
        var asked = new ArrayList<Long>();
        Spending note = (_, backend, nano, tokens) -> {
            asked.add(backend.id().equals("cloud/premium") ? nano : -1);
            return null;
        };
        var ask = with(traits(1000, false, false), "agent_role=reviewer", "output_length_target=500");
        assertThat(status(Router.decide(declared(ALL), ask, new Standing(null, note))))
                .isEqualTo(200);
        // 1,500 tokens at ten dollars for a million.
        assertThat(asked.getFirst()).isEqualTo(15_000_000);
    }

    @Test
    void aConversationHoldsItsLevelOrGoesUp() {
        var sessions = new Sessions(2);
        var table = declared(ALL);
        assertThat(level(sessions, table, "s", "clerk")).isEqualTo("trivial");
        assertThat(level(sessions, table, "s", "reviewer")).isEqualTo("expert");
        assertThat(level(sessions, table, "s", "clerk")).isEqualTo("expert");
        assertThat(level(sessions, table, "t", "clerk")).isEqualTo("trivial");
        assertThat(level(sessions, table, null, "clerk")).isEqualTo("trivial");
        assertThat(level(sessions, table, "u", "clerk")).isEqualTo("trivial");
        assertThat(sessions.level("s")).as("forgotten for newer ones").isNull();
        assertThat(sessions.level("t")).isEqualTo("trivial");
    }

    private static @Nullable String level(Sessions sessions, Table table, @Nullable String session, String role) {
        var ask = with(new Ask.Traits(1, 0, false, false, "", session), "agent_role=" + role);
        return ((Decision.To) sessions.decide(table, ask, Spending.UNLIMITED)).level();
    }

    @Test
    void inTheShadowItIsSaidAndNotDone() {
        var shadow = table(ALL, List.of(), complexity(Mode.SHADOW, Classifier.DECLARED));
        var to = (Decision.To) decide(shadow, "agent_role=reviewer");
        assertThat(ids(to)).containsExactly("primary");
        assertThat(to.level()).isEqualTo("expert");
        assertThat(to.reasons()).containsExactly("complexity:expert", "role:reviewer", "shadow:cloud/premium");
        var taken = new Complexity(Mode.SHADOW, Classifier.DECLARED, "fast", LEVELS, ROLES, ORDER);
        var named = Router.decide(table(ALL, List.of(), taken), Tables.ask("fast", "agent_role=reviewer"));
        assertThat(ids(named)).containsExactly("fast");
        assertThat(named.reasons()).endsWith("shadow:cloud/premium", "name:fast");
    }

    @Test
    void offIsOffAndARuleGoesFirst() {
        var off = (Decision.Refused) decide(table(ALL, List.of(), complexity(Mode.OFF, Classifier.DECLARED)));
        assertThat(off.error().message()).endsWith("; spec.gateway.complexity.mode is off");
        var ruled = table(
                ALL, List.of(), complexity(Mode.ON, Classifier.DECLARED), route("r", Tables.model("auto"), "fast"));
        assertThat(decide(ruled).reasons()).containsExactly("route:r");
        assertThat(ids(Router.decide(declared(ALL), Tables.ask("fast")))).containsExactly("fast");
    }

    @Test
    void whatIsReadyGoesBeforeWhatIsStarting() {
        var table = declared(
                List.of(endpoint("fast"), endpoint("primary", Availability.STARTING), remote("cloud", "premium", 10)));
        assertThat(ids(decide(table))).containsExactly("cloud/premium", "fast", "primary");
    }

    /** Whatever is asked, however little money there is: nothing below the floor is ever chosen. */
    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void noFloorIsEverUndercut(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            int floor = random.nextInt(ORDER.size());
            var backends = List.of(
                    endpoint("fast", STATES.get(random.nextInt(STATES.size()))),
                    endpoint("primary", STATES.get(random.nextInt(STATES.size()))),
                    remote("cloud", "premium", 10));
            var table = declared(backends, known(key("k"), ORDER.get(floor)));
            var ask = new Ask(
                    Operation.CHAT_COMPLETIONS,
                    "auto",
                    null,
                    "k",
                    Map.of(),
                    map("agent_role="
                            + List.of("clerk", "reviewer", "writer", "x").get(random.nextInt(4))),
                    traits(random.nextInt(50_000), random.nextBoolean(), random.nextBoolean()));
            String before = random.nextBoolean() ? null : Levels.ALL.get(random.nextInt(5));
            var decision = Router.decide(
                    table, ask, new Standing(before, random.nextBoolean() ? NOTHING : Spending.UNLIMITED));
            var low = ORDER.subList(0, floor);
            assertThat(ids(decision)).doesNotContainAnyElementsOf(low.isEmpty() ? List.of("none") : low);
        }
    }
}
