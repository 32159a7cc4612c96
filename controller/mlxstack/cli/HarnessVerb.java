package mlxstack.cli;

import io.vavr.control.Either;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import mlxstack.harness.Facts;
import mlxstack.harness.Harness;
import mlxstack.harness.Harnesses;
import mlxstack.harness.Machine;
import mlxstack.harness.Recipe;
import mlxstack.harness.Role;
import mlxstack.harness.StackFacts;
import mlxstack.harness.Work;
import mlxstack.spec.Env;
import mlxstack.spec.Problem;
import mlxstack.spec.Stack;
import mlxstack.spec.StackFile;
import mlxstack.spec.Suggestions;
import mlxstack.store.Home;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "harness",
        header = "Configure agents and other tools to use the gateway",
        description = {
            "Knows what each tool must be told: address, protocol, models by role, windows as they are really served.",
            "Works from the stack file; needs no daemon."
        },
        subcommands = {HarnessVerb.Listing.class, HarnessVerb.Show.class, HarnessVerb.Apply.class},
        footer = {
            "mlxstackctl harness list",
            "mlxstackctl harness show codex",
            "mlxstackctl harness apply claude-code --role fast=small"
        })
final class HarnessVerb implements Action {

    @Override
    public int run(Session session) throws InterruptedException {
        session.output().out(Help.of(Shell.commandLine(this).getCommandSpec(), "harness"));
        return 1;
    }

    /** Options that say what is written. */
    static final class Wishes {

        @Option(
                names = "--role",
                paramLabel = "ROLE=NAME",
                description =
                        "The model for a role: main, strong, fast, subagent, long, vision, review, scheduled or embeddings; may be repeated")
        Map<String, String> roles = new LinkedHashMap<>();

        @Option(names = "--key", paramLabel = "NAME", description = "Which of spec.gateway.keys it uses")
        @Nullable
        String key;

        @Option(names = "--project", description = "The file of the project in this directory, and not your own")
        boolean project;

        @Option(
                names = {"-f", "--file"},
                paramLabel = "FILE",
                description = "The stack file (default: the one that is watched)")
        @Nullable
        String file;

        Either<String, Map<Role, String>> chosen() {
            var chosen = new EnumMap<Role, String>(Role.class);
            for (var entry : roles.entrySet()) {
                var role = Role.of(entry.getKey());
                if (role == null) {
                    var words = java.util.Arrays.stream(Role.values())
                            .map(Role::word)
                            .toList();
                    return Either.left("--role: there is no role \"%s\"%s; roles are %s"
                            .formatted(
                                    entry.getKey(),
                                    Suggestions.didYouMean(entry.getKey(), words),
                                    String.join(", ", words)));
                }
                chosen.put(role, entry.getValue());
            }
            return Either.right(chosen);
        }

        Either<String, Facts> facts(Session session, Stack stack, String tool) {
            return chosen().flatMap(chosen ->
                    StackFacts.of(stack, new StackFacts.Choice(chosen, key, tool), HarnessVerb::natural));
        }

        Machine machine(Session session) {
            var environment = session.request().environment();
            return new Machine(
                    Path.of(environment.getOrDefault("HOME", System.getProperty("user.home"))),
                    Path.of(session.request().directory()),
                    environment,
                    System.getProperty("os.name").startsWith("Mac"),
                    project);
        }

        Either<String, Stack> stack(Session session) {
            Path home = machine(session).home();
            Path named;
            try {
                named = file == null ? new Home(session.plane().daemon().root()).source() : session.resolve(file);
                if (!Files.exists(named)) {
                    return Either.left("there is no stack file " + named + "; name one with -f FILE");
                }
                var env = new Env(home, _ -> OptionalLong.of(0), _ -> "");
                return new StackFile()
                        .parse(Files.readAllBytes(named), named.toRealPath(), env)
                        .toEither()
                        .mapLeft(problems -> problems.map(Problem::toString).mkString("\n"));
            } catch (IOException e) {
                return Either.left("the stack file cannot be read: " + e.getMessage());
            }
        }
    }

    private static @Nullable Integer natural(String model) {
        return null;
    }

    /** What one tool would be told. */
    private record Plan(Harness harness, Machine machine, Facts facts, Recipe recipe) {}

    private static Either<String, Plan> plan(Session session, String name, Wishes wishes) {
        var harness = Harnesses.named(name);
        if (harness == null) {
            String hint = Nearest.hint(name, Harnesses.names().stream());
            return Either.left("there is no harness \"%s\"%s"
                    .formatted(name, hint.isEmpty() ? "; there are " + String.join(", ", Harnesses.names()) : hint));
        }
        if (wishes.project && !harness.projects()) {
            return Either.left(harness.title() + " has no file of a project; leave out --project");
        }
        return wishes.stack(session)
                .flatMap(stack -> wishes.facts(session, stack, name))
                .map(facts -> {
                    var machine = wishes.machine(session);
                    return new Plan(harness, machine, facts, harness.recipe(facts, machine));
                });
    }

    private static int failed(Session session, String problems) {
        problems.lines().forEach(line -> session.output().err("error: " + line));
        return 1;
    }

    /** With {@code ~} for the home. */
    private static String shown(Path file, Machine machine) {
        return file.startsWith(machine.home()) ? "~/" + machine.home().relativize(file) : file.toString();
    }

    @Command(
            name = "list",
            header = "Show which tools there are, and how their files stand",
            footer = "mlxstackctl harness list")
    static final class Listing implements Action {

        @picocli.CommandLine.Mixin
        Wishes wishes = new Wishes();

        @Override
        public int run(Session session) throws InterruptedException {
            var stack = wishes.stack(session);
            if (stack.isLeft()) {
                return failed(session, stack.getLeft());
            }
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("NAME", "ASKS", "STATE", "ROLES", "FILE"));
            var machine = wishes.machine(session);
            for (Harness harness : Harnesses.ALL) {
                if (wishes.project && !harness.projects()) {
                    continue;
                }
                var facts = wishes.facts(session, stack.get(), harness.name());
                if (facts.isLeft()) {
                    return failed(session, facts.getLeft());
                }
                var recipe = harness.recipe(facts.get(), machine);
                var work = Work.in(session.plane().daemon().root(), harness, machine, recipe);
                rows.add(List.of(
                        harness.name(),
                        harness.dialect().path(),
                        work.fold(_ -> "unreadable", w -> w.standing().words()),
                        harness.roles().stream().map(Role::word).collect(Collectors.joining(",")),
                        shown(recipe.file(), machine)));
            }
            session.output().out(TableText.of(rows));
            return 0;
        }
    }

    @Command(
            name = "show",
            header = "Show what a tool would be told, and why",
            footer = {"mlxstackctl harness show codex", "mlxstackctl harness show opencode --role fast=small"})
    static final class Show implements Action {

        @Parameters(paramLabel = "NAME", description = "One of mlxstackctl harness list")
        String name = "";

        @picocli.CommandLine.Mixin
        Wishes wishes = new Wishes();

        @Override
        public int run(Session session) throws InterruptedException {
            var plan = plan(session, name, wishes);
            if (plan.isLeft()) {
                return failed(session, plan.getLeft());
            }
            session.output()
                    .out(HarnessText.of(
                            plan.get().harness(),
                            plan.get().facts(),
                            plan.get().recipe(),
                            file -> shown(file, plan.get().machine())));
            return 0;
        }
    }

    @Command(
            name = "apply",
            header = "Write a tool's configuration into its files",
            description = {
                "Changes only what differs; comments, order and everything else stay. Shows the difference and asks first;",
                "where nobody can be asked it writes only with --write. What was there is kept, and --undo brings it back."
            },
            footer = {
                "mlxstackctl harness apply codex",
                "mlxstackctl harness apply opencode --project --write",
                "mlxstackctl harness apply codex --undo"
            })
    static final class Apply implements Action {

        static final class How {
            @Option(
                    names = "--print",
                    description = "Write nothing; print what would be in the files if nothing else were")
            boolean print;

            @Option(names = "--diff", description = "Write nothing; print the difference. Exits with 1 if there is one")
            boolean diff;

            @Option(names = "--write", description = "Write without asking")
            boolean write;

            @Option(
                    names = "--undo",
                    description = "Take out what was written; as it was before, if nobody else changed it")
            boolean undo;
        }

        @Parameters(paramLabel = "NAME", description = "One of mlxstackctl harness list")
        String name = "";

        @ArgGroup
        How how = new How();

        @picocli.CommandLine.Mixin
        Wishes wishes = new Wishes();

        private final @Nullable Predicate<String> person;

        Apply() {
            this(null);
        }

        /** @param person answers questions; null: whoever sits at the terminal, if somebody does */
        Apply(@Nullable Predicate<String> person) {
            this.person = person;
        }

        @Override
        public int run(Session session) throws InterruptedException {
            var plan = plan(session, name, wishes);
            if (plan.isLeft()) {
                return failed(session, plan.getLeft());
            }
            if (how.print) {
                print(session, plan.get());
                return 0;
            }
            Path home = session.plane().daemon().root();
            var harness = plan.get().harness();
            var work = how.undo
                    ? Work.undoing(
                            home, harness, plan.get().machine(), plan.get().recipe())
                    : Work.in(home, harness, plan.get().machine(), plan.get().recipe());
            if (work.isLeft()) {
                return failed(session, work.getLeft());
            }
            if (how.diff) {
                session.output().out(work.get().diff());
                return work.get().changes() ? 1 : 0;
            }
            if (!how.undo && !work.get().changes()) {
                session.line(harness.title() + " is configured already; nothing to write");
                return 0;
            }
            return agreed(session, work.get()) ? write(session, plan.get(), work.get()) : 1;
        }

        private static void print(Session session, Plan plan) throws InterruptedException {
            var fragments = Work.fragments(plan.recipe());
            for (var fragment : fragments.entrySet()) {
                if (fragments.size() > 1) {
                    session.line("==> " + fragment.getKey() + " <==");
                }
                session.output().out(fragment.getValue());
            }
        }

        private boolean agreed(Session session, Work work) throws InterruptedException {
            if (how.write || how.undo) {
                return true;
            }
            session.output().out(work.diff());
            session.output().flush();
            if (person != null) {
                return person.test("Write this?");
            }
            var console = Optional.ofNullable(System.console()).filter(Console::isTerminal);
            if (console.isEmpty()) {
                session.output().err("error: nobody to ask, so nothing was written; say so with --write");
                return false;
            }
            String answer = console.get().readLine("Write this? [y/N] ");
            return answer != null && answer.strip().matches("(?i)y|yes");
        }

        private int write(Session session, Plan plan, Work work) throws InterruptedException {
            var written = work.write();
            if (written.isLeft()) {
                return failed(session, written.getLeft());
            }
            for (Path file : written.get()) {
                session.line((how.undo ? "put back " : "wrote ") + file);
            }
            if (!how.undo) {
                plan.recipe().notes().forEach(note -> session.output().err("note: " + note));
                plan.recipe()
                        .variables()
                        .forEach(v -> session.output().err("set: export " + v.name() + "=" + v.value()));
                plan.recipe().checks().forEach(check -> session.output().err("check: " + check));
            } else if (written.get().isEmpty()) {
                session.line("nothing of it was left");
            }
            return 0;
        }
    }
}
