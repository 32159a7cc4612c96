package mlxstack.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mlxstack.source.SourceWatcher.Checked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What editors and other programs do to a file when they save it; each save is one candidate. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EditorsIT {

    private Path home;
    private Path stack;
    private Watching watching;

    /** Makes the second line of a file that reads {@code one} and {@code two}, whatever it was, {@code saved}. */
    @FunctionalInterface
    interface Save {
        void save(Path home) throws IOException;
    }

    @BeforeEach
    void watch(@TempDir Path temp) throws IOException {
        home = temp.toRealPath();
        stack = Files.writeString(home.resolve("stack.yaml"), "one\ntwo\n");
        watching = Watching.byHintsOnly(stack);
        watching.until("one\ntwo");
    }

    @AfterEach
    void close() {
        watching.close();
    }

    private static Save vim(String... settings) {
        return home -> {
            Stream<String> words = Stream.concat(
                    Stream.of("vim", "-N", "-u", "NONE", "-es"),
                    Stream.of(settings).flatMap(s -> Stream.of("-c", "set " + s)));
            Watching.run(
                    home,
                    Stream.concat(words, Stream.of("-c", "2s/.*/saved/", "-c", "wq", "stack.yaml"))
                            .toArray(String[]::new));
        };
    }

    private static void nano(Path home) {
        Watching.talk(
                home,
                List.of("script", "-qec", "stty rows 24 cols 80; exec nano -I +2 stack.yaml", "/dev/null"),
                List.of("GNU nano", "\013saved\r", "saved", "\017", "File Name to Write", "\r", "Wrote", "\030"));
    }

    /** Lock link, auto-save file, original renamed to the backup, new file under the old name. */
    private static void emacs(Path home) throws IOException {
        Path stack = home.resolve("stack.yaml");
        Path lock = Files.createSymbolicLink(stack.resolveSibling(".#stack.yaml"), Path.of("user@host.1234:5678"));
        Path auto = Files.writeString(stack.resolveSibling("#stack.yaml#"), "one\nsav");
        Files.move(stack, stack.resolveSibling("stack.yaml~"));
        Files.writeString(stack, "one\nsaved\n");
        Files.delete(auto);
        Files.delete(lock);
    }

    /** Truncated and written in place. */
    private static void visualStudioCode(Path home) throws IOException {
        Path stack = home.resolve("stack.yaml");
        try (OutputStream out = Files.newOutputStream(stack)) {
            out.write("one\nsaved\n".getBytes(UTF_8));
        }
    }

    /** Safe write: beside, the old one out of the way, the new one in its place, the old one deleted. */
    private static void jetBrains(Path home) throws IOException {
        Path stack = home.resolve("stack.yaml");
        Path fresh = Files.writeString(stack.resolveSibling("stack.yaml___jb_tmp___"), "one\nsaved\n");
        Path old = Files.move(stack, stack.resolveSibling("stack.yaml___jb_old___"));
        Files.move(fresh, stack);
        Files.delete(old);
    }

    /** chezmoi: the rendered text beside the target, renamed over it. */
    private static void chezmoi(Path home) throws IOException {
        Path stack = home.resolve("stack.yaml");
        Path fresh = Files.writeString(stack.resolveSibling(".stack.yaml3141592653"), "one\nsaved\n");
        Files.move(fresh, stack, StandardCopyOption.ATOMIC_MOVE);
    }

    static Stream<Arguments> editors() {
        return Stream.of(
                Arguments.of("vim", vim()),
                Arguments.of("vim, backupcopy=yes", vim("backupcopy=yes")),
                Arguments.of("vim, backup, backupcopy=no", vim("backup", "backupcopy=no")),
                Arguments.of("nano", (Save) EditorsIT::nano),
                Arguments.of("sed -i", (Save) home -> Watching.run(home, "sed", "-i", "2s/.*/saved/", "stack.yaml")),
                Arguments.of("emacs", (Save) EditorsIT::emacs),
                Arguments.of("VS Code", (Save) EditorsIT::visualStudioCode),
                Arguments.of("JetBrains", (Save) EditorsIT::jetBrains),
                Arguments.of("chezmoi", (Save) EditorsIT::chezmoi),
                Arguments.of("shell", (Save)
                        home -> Watching.run(home, "sh", "-c", "printf 'one\\nsaved\\n' > stack.yaml")));
    }

    @ParameterizedTest(name = "G01 {0}")
    @MethodSource("editors")
    void g01_everySaveIsOneCandidate(String name, Save editor) throws IOException {
        editor.save(home);
        watching.until("one\nsaved");

        assertThat(watching.settled()).isEqualTo(Checked.CURRENT);
        assertThat(watching.told.texts()).as("seen by hints alone").containsExactly("one\ntwo", "one\nsaved");
        assertThat(watching.told.last().realPath()).isEqualTo(stack);
    }

    @Test
    @DisplayName("G01 ten saves by vim, one after the other: ten candidates")
    void g01_savesFollowEachOther() throws IOException {
        for (int i = 0; i < 10; i++) {
            Watching.run(
                    home, "vim", "-N", "-u", "NONE", "-es", "-c", "2s/.*/save" + i + "/", "-c", "wq", stack.toString());
            watching.until("one\nsave" + i);
        }
        assertThat(watching.told.texts()).hasSize(11);
    }

    @Test
    @DisplayName("G02 truncate, wait, write: nothing is accepted in between, however long it takes")
    void g02_truncatedForAWhile() throws IOException {
        Files.writeString(stack, "");
        watching.untilLine("missing " + stack + " is empty");
        Files.writeString(stack, "harsh\n");
        watching.until("harsh");

        assertThat(watching.told.texts()).containsExactly("one\ntwo", "harsh");
    }

    @Test
    @DisplayName("G03 written byte by byte: one candidate at the end")
    void g03_slowWriter() {
        // Twenty gaps of some 20 ms, in a process of its own; the limit that must not be reached is 300 ms.
        Watching.run(
                home,
                "sh",
                "-c",
                ": > stack.yaml; for c in h a r s h : ' ' s l o w , ' ' o n c e; do printf %s \"$c\" >> stack.yaml;"
                        + " sleep 0.02; done; echo >> stack.yaml");
        watching.until("harsh: slow, once");

        assertThat(watching.settled()).isEqualTo(Checked.CURRENT);
        assertThat(watching.told.texts()).containsExactly("one\ntwo", "harsh: slow, once");
    }

    @Test
    @DisplayName("LinkReplaced: sed -i through a link leaves a file in its place; it is told, and goes on working")
    void linkReplacedByAnEditorsRename() throws IOException {
        Path repository = Files.createDirectories(home.resolve("dotfiles"));
        Path target = Files.move(stack, repository.resolve("stack.yaml"));
        Files.createSymbolicLink(stack, Path.of("dotfiles/stack.yaml"));
        assertThat(watching.settled()).isEqualTo(Checked.CURRENT);

        Watching.run(home, "sed", "-i", "2s/.*/saved/", stack.toString());
        watching.until("one\nsaved");
        assertThat(watching.told.lines()).contains("replaced " + stack + " of " + target);
        assertThat(watching.told.last().realPath()).isEqualTo(stack);
        assertThat(target).hasContent("one\ntwo");

        Files.writeString(stack, "later\n");
        watching.until("later");
    }

    @Test
    @DisplayName("vim writes through a link, and the link stays")
    void vimThroughALink() throws IOException {
        Path repository = Files.createDirectories(home.resolve("dotfiles"));
        Path target = Files.move(stack, repository.resolve("stack.yaml"));
        Files.createSymbolicLink(stack, Path.of("dotfiles/stack.yaml"));
        assertThat(watching.settled()).isEqualTo(Checked.CURRENT);

        vim().save(home);
        watching.until("one\nsaved");
        assertThat(watching.told.last().realPath()).isEqualTo(target);
        assertThat(watching.told.lines()).noneMatch(l -> l.startsWith("replaced"));
    }
}
