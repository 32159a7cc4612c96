package mlxstack.cli;

import static mlxstack.reconcile.Units.endpoint;
import static mlxstack.reconcile.Units.ready;
import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.control.Either;
import java.util.List;
import java.util.Objects;
import mlxstack.api.Outcome;
import mlxstack.api.TestingControlPlane;
import mlxstack.reconcile.Command;
import mlxstack.reconcile.Plan;
import mlxstack.reconcile.Units;
import org.junit.jupiter.api.Test;

class ChangeVerbsTest {

    private final TestingControlPlane plane =
            new TestingControlPlane(Units.state(ready(endpoint("primary", 8000), 501)));
    private final Terminal terminal = new Terminal(plane);

    private final Plan plan = new Plan(
            "home",
            List.of(
                    new Plan.Change(
                            "primary",
                            Plan.Action.RESTART,
                            "args changed",
                            List.of(new Plan.Field("args", "[--a]", "[--a, --b]"))),
                    new Plan.Change("web-ui", Plan.Action.START, "", List.of()),
                    new Plan.Change("old", Plan.Action.DELETE, "not in the file", List.of())),
            "3f9a");

    @Test
    void P17_diffExitsWithZeroOneAndTwo() throws InterruptedException {
        terminal.run("diff");
        assertThat(terminal.code).isZero();
        assertThat(terminal.out()).isEmpty();

        plane.onPlan = _ -> Either.right(plan);
        terminal.run("diff");
        assertThat(terminal.code).isEqualTo(1);
        assertThat(terminal.out()).isEqualTo("""
                ~ process/primary: restart  (args changed)
                    - args: [--a]
                    + args: [--a, --b]
                + process/web-ui: start
                - process/old: delete  (not in the file)

                would delete 1: old
                held until confirmed with: mlxstackctl apply --prune=3f9a
                """);

        plane.onPlan = _ -> Either.left(List.of("stack.yaml:3:5: spec.endpoint: unknown field"));
        terminal.run("diff");
        assertThat(terminal.code).isEqualTo(2);
        assertThat(terminal.err()).isEqualTo("error: stack.yaml:3:5: spec.endpoint: unknown field\n");
    }

    @Test
    void P17_aFileIsReadByTheClientAndResolvedWhereItStands() throws InterruptedException {
        plane.onPlan =
                document -> Either.left(List.of(Objects.requireNonNull(document).origin() + " = " + document.text()));
        terminal.file("kind: Stack").run("diff", "-f", "sub/new.yaml");
        assertThat(terminal.err()).isEqualTo("error: /home/ada/work/sub/new.yaml = kind: Stack\n");
        terminal.run("diff", "-f", "-");
        assertThat(terminal.err()).isEqualTo("error: - = kind: Stack\n");
    }

    @Test
    void P17_ownErrorsNeverLookLikeADifference() throws InterruptedException {
        terminal.run("diff", "-f", "gone.yaml");
        assertThat(terminal.code).isEqualTo(2);
        terminal.run("diff", "--filname=x");
        assertThat(terminal.code).isEqualTo(2);
        terminal.run("diff", "surplus");
        assertThat(terminal.code).isEqualTo(2);
    }

    @Test
    void applySaysWhatCameOfIt() throws InterruptedException {
        terminal.run("apply");
        assertThat(terminal.out()).isEqualTo("stack/home configured\n");
        plane.onApply = _ -> new Outcome.Unchanged();
        terminal.run("apply");
        assertThat(terminal.out()).isEqualTo("stack/home unchanged\n");
        plane.onApply = _ -> new Outcome.Refused(List.of("stack.yaml:1:1: no document"));
        terminal.run("apply");
        assertThat(terminal.code).isEqualTo(1);
        assertThat(terminal.err()).isEqualTo("error: stack.yaml:1:1: no document\n");
        terminal.file("kind: Stack").run("apply", "-f", "-");
        assertThat(plane.applied).hasSize(1);
    }

    @Test
    void aDryRunDoesNothing() throws InterruptedException {
        plane.onPlan = _ -> Either.right(plan);
        terminal.file("kind: Stack").run("apply", "-f", "-", "--dry-run");
        assertThat(terminal.out())
                .startsWith("~ process/primary: restart")
                .endsWith("stack/home configured (dry run)\n");
        assertThat(plane.applied).isEmpty();
    }

    @Test
    void onlyTheDigestThatWasSeenConfirms() throws InterruptedException {
        terminal.run("apply", "--prune=9c1f");
        assertThat(terminal.err()).isEqualTo("error: nothing is held, so there is nothing to confirm\n");
        plane.become(Units.held(plane.state(), List.of("primary", "old"), "9c1f"));
        terminal.run("apply", "--prune=true");
        assertThat(terminal.code).isEqualTo(1);
        assertThat(terminal.err()).contains("would delete primary, old and has digest 9c1f, not true");
        assertThat(plane.commands).isEmpty();
        terminal.run("apply", "--prune=9c1f");
        assertThat(terminal.code).isZero();
        assertThat(plane.commands).containsExactly(new Command.ConfirmPrune("9c1f", "ada"));
        terminal.run("apply");
        assertThat(terminal.code).isEqualTo(1);
        assertThat(terminal.err()).contains("confirm with: mlxstackctl apply --prune=9c1f");
    }
}
