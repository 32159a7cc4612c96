package mlxstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import mlxstack.store.Home;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line in a JVM of its own, without a daemon. */
class AloneTest {

    @TempDir
    private Path work;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Home home;

    @BeforeEach
    void home() {
        home = new Home(work.resolve("home"));
    }

    private int run(String... args) throws InterruptedException {
        out.reset();
        err.reset();
        return Main.run(
                List.of(args),
                Map.of("MLXSTACK_HOME", home.root().toString(), "PATH", "/usr/bin:/bin"),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @Test
    void readersSayThatThereIsNoDaemon() throws InterruptedException {
        assertThat(run("get")).isEqualTo(1);
        assertThat(err).asString().isEqualTo("error: mlxstackd is not running; start it with `mlxstackctl up`\n");
        assertThat(home.root()).doesNotExist();
    }

    @Test
    void helpNeedsNone() throws InterruptedException {
        assertThat(run()).isZero();
        assertThat(out).asString().contains("Look:\n  get ").endsWith("for more about a verb.\n");
        assertThat(run("help", "rollout", "undo")).isZero();
        assertThat(out).asString().contains("Usage:\n  mlxstackctl rollout undo NAME [options]\n");
        assertThat(run("rollout", "--help")).isZero();
        assertThat(out).asString().contains("Commands:\n").contains("  history ");
        assertThat(run("nonsense")).isEqualTo(1);
    }

    @Test
    void everyVerbHasAHelpThatBeginsLikeTheOverview() throws InterruptedException {
        for (var verb : Verbs.ALL) {
            assertThat(run(verb.name(), "--help")).as(verb.name()).isZero();
            assertThat(out)
                    .asString()
                    .as(verb.name())
                    .contains("Examples:\n")
                    .contains("Usage:\n  mlxstackctl " + verb.name());
        }
    }

    @Test
    void completionsAndKinds() throws InterruptedException {
        assertThat(run("completion", "bash")).isZero();
        assertThat(out)
                .asString()
                .contains("complete -F _mlxstackctl mlxstackctl")
                .contains("rollout");
        assertThat(run("completion", "tcsh")).isEqualTo(1);
        assertThat(run("api-resources")).isZero();
        assertThat(out).asString().contains("processes   proc,procs   mlxstack.dev/v1   false        Process\n");
        assertThat(run("version")).isZero();
    }

    @Test
    void theDoctorSaysWhatIsWrongAndHowToPutItRight() throws Exception {
        home.create();
        Files.writeString(home.env(), "KEY=secret\n");
        Files.setPosixFilePermissions(home.env(), PosixFilePermissions.fromString("rw-r--r--"));
        Files.createSymbolicLink(home.stackFile(), work.resolve("dotfiles/stack.yaml"));
        home.recordPath("/usr/bin:/no/such/dir");
        assertThat(run("doctor")).isEqualTo(1);
        assertThat(out)
                .asString()
                .contains("ok    JDK")
                .contains("fail  privacy        others may read " + home.env() + "\n"
                        + "                     fix: chmod -R go-rwx " + home.root() + "\n")
                .contains("(a link that leads nowhere)")
                .contains("ok    PATH           /usr/bin:/no/such/dir  (not there: /no/such/dir)")
                .contains("warn  daemon         not running")
                .doesNotContain("secret");
    }

    @Test
    void theDoctorIsContentWithAGoodHome() throws Exception {
        home.create();
        Files.writeString(
                home.stackFile(), "apiVersion: mlxstack.dev/v1\nkind: Stack\nmetadata: {name: home}\nspec: {}\n");
        home.recordPath("/usr/bin");
        assertThat(run("doctor")).as("%s", out).isZero();
        assertThat(out).asString().contains("ok    stack file").contains("ok    ports");
    }

    @Test
    void theDoctorReadsTheStackFile() throws Exception {
        home.create();
        Files.writeString(
                home.stackFile(), "apiVersion: mlxstack.dev/v1\nkind: Stack\nmetadata: {name: home}\nspecs: {}\n");
        assertThat(run("doctor")).isEqualTo(1);
        assertThat(out)
                .asString()
                .contains("stack.yaml is not valid\n                     ")
                .contains("stack.yaml:4:1: ");
    }

    @Test
    void theSchemaIsTheOneThatIsPublished() throws Exception {
        assertThat(run("schema")).isZero();
        assertThat(out).asString().isEqualTo(Files.readString(Path.of("schema/stack.schema.json")));
    }

    @Test
    void aMissingJournalIsNamed() throws InterruptedException {
        assertThat(run("replay", work.resolve("none.jsonl").toString())).isEqualTo(1);
        assertThat(err).asString().startsWith("error: cannot read the journal ").contains("none.jsonl");
    }
}
