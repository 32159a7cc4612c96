package mlxstack.api;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import mlxstack.reconcile.State;
import mlxstack.spec.Provider;
import org.jspecify.annotations.Nullable;

/** Which columns a kind is shown with. One definition for tables of the API and of the command line. */
public final class Columns {

    private Columns() {}

    /**
     * @param name as in {@code Next-Retry}; printed in capitals
     * @param wide only shown with {@code -o wide}
     */
    public record Column(String name, boolean wide, String description, BiFunction<Item, Sight, String> cell) {

        public String heading() {
            return name.toUpperCase(Locale.ROOT);
        }
    }

    /** What a cell may look at beside its object. */
    public interface Sight {

        Instant now();

        /** Bytes; null when unknown. */
        @Nullable
        Long memoryOf(String name);

        static Sight of(ControlPlane plane) {
            Instant now = plane.now().wall();
            return new Sight() {
                @Override
                public Instant now() {
                    return now;
                }

                @Override
                public @Nullable Long memoryOf(String name) {
                    return plane.memoryOf(name);
                }
            };
        }
    }

    public static List<Column> of(Kind kind) {
        return switch (kind) {
            case STACK -> STACK;
            case ENDPOINT -> ENDPOINT;
            case PROCESS -> PROCESS;
            case PROVIDER -> PROVIDER;
            case NODE -> NodeColumns.ALL;
            case EVENT -> EVENT;
        };
    }

    static Column plain(String name, String description, BiFunction<Item, Sight, String> cell) {
        return new Column(name, false, description, cell);
    }

    static Column wide(String name, String description, BiFunction<Item, Sight, String> cell) {
        return new Column(name, true, description, cell);
    }

    static final Column NAME = plain("Name", "Name of the object", (i, _) -> i.name());

    private static final List<Column> PROCESS = List.of(
            NAME,
            plain("Ready", "Whether it can do its work", (i, _) -> bool(view(i).ready())),
            plain("Status", "The most telling reason", (i, _) -> view(i).reason()),
            plain("Restarts", "Unplanned restarts, and how long ago the last run ended", Columns::restarts),
            plain("Age", "Since it is in the stack", Columns::age),
            wide("PID", "Process id", (i, _) -> text(view(i).pid())),
            wide("Port", "Port it listens on", (i, _) -> text(view(i).port())),
            wide(
                    "Model",
                    "Model it serves",
                    (i, _) -> text(view(i).unit().spec().template().model())),
            wide("Mem", "Memory it holds now", (i, s) -> Bytes.text(s.memoryOf(i.name()))),
            wide(
                    "Generation",
                    "Counts changes of its definition",
                    (i, _) -> Long.toString(view(i).unit().generation())),
            wide("Next-Retry", "Until the next attempt", Columns::nextRetry),
            wide("Reason", "What the status means here", (i, _) -> some(view(i).message())));

    private static final List<Column> ENDPOINT = List.of(
            NAME,
            plain("URL", "Where it answers", (i, _) -> text(view(i).url())),
            plain("Ready", "Whether it answers", (i, _) -> bool(view(i).ready())),
            plain("Age", "Since it is in the stack", Columns::age),
            wide(
                    "Engine",
                    "How it is served",
                    (i, _) -> view(i).unit().spec().template().engine().yamlName()),
            wide(
                    "Model",
                    "Model it serves",
                    (i, _) -> text(view(i).unit().spec().template().model())),
            wide("Status", "The most telling reason", (i, _) -> view(i).reason()));

    private static final List<Column> STACK = List.of(
            NAME,
            plain("Processes", "Ready of those that should run", (i, _) -> {
                var view = StackView.of(((Item.Stack) i).state());
                return view.ready() + "/" + view.wanted();
            }),
            plain(
                    "Ready",
                    "Whether everything is",
                    (i, _) -> bool(StackView.of(((Item.Stack) i).state()).allReady())),
            plain("Age", "Since the latest revision", Columns::age),
            wide(
                    "Generation",
                    "Number of the revision",
                    (i, _) -> Long.toString(((Item.Stack) i).revision().number())),
            wide(
                    "Reason",
                    "What is in the way",
                    (i, _) -> StackView.of(((Item.Stack) i).state()).reason()));

    private static final List<Column> PROVIDER = List.of(
            NAME,
            plain(
                    "Type",
                    "Protocol it speaks",
                    (i, _) -> remote(i).type().name().toLowerCase(Locale.ROOT)),
            plain("Ready", "Not known yet", (_, _) -> "Unknown"),
            plain("Age", "Since the latest revision", Columns::age),
            wide("URL", "Base address", (i, _) -> remote(i).baseUrl()));

    private static final List<Column> EVENT = List.of(
            plain("Last Seen", "Since it was last seen", Columns::lastSeen),
            plain("Type", "Normal or Warning", (i, _) -> ObjectJson.type(event(i).type())),
            plain("Reason", "One word", (i, _) -> event(i).reason()),
            plain("Object", "What it is about", (i, _) -> subject(i)),
            plain("Message", "What happened", (i, _) -> Plain.line(event(i).message())),
            wide("Source", "Who says so", (_, _) -> "mlxstackd, local"),
            wide("First Seen", "Since it was first seen", (i, s) -> Ages.since(event(i).first(), s.now())),
            wide("Count", "How often", (i, _) -> Integer.toString(event(i).count())),
            wide("Name", "Name of the event", (i, _) -> i.name()));

    private static View view(Item item) {
        return switch (item) {
            case Item.Supervised(State _, View view) -> view;
            case Item.Endpoint(State _, View view) -> view;
            case Item.Stack _, Item.Remote _, Item.Machine _, Item.Happening _ ->
                throw new IllegalArgumentException(item.name());
        };
    }

    private static Provider remote(Item item) {
        return ((Item.Remote) item).provider();
    }

    private static EventSource.Stored event(Item item) {
        return ((Item.Happening) item).event();
    }

    /** As in {@code process/primary}. */
    public static String subject(Item item) {
        var happening = (Item.Happening) item;
        return happening.subjectKind().singular() + "/" + happening.subject();
    }

    /** {@code 30s}, or {@code 30s (x87 over 12m)} when it was seen more than once. */
    public static String lastSeen(Item item, Sight sight) {
        var event = event(item);
        String age = Ages.since(event.last(), sight.now());
        return event.count() < 2
                ? age
                : "%s (x%d over %s)".formatted(age, event.count(), Ages.since(event.first(), sight.now()));
    }

    /** {@code 5 (10s ago)}. */
    private static String restarts(Item item, Sight sight) {
        var unit = view(item).unit();
        int restarts = unit.streak().restarts();
        var last = unit.last();
        return restarts == 0 || last == null
                ? Integer.toString(restarts)
                : "%d (%s ago)".formatted(restarts, Ages.since(last.finishedAt(), sight.now()));
    }

    private static String nextRetry(Item item, Sight sight) {
        var at = view(item).nextAttempt();
        return at == null ? "<none>" : Ages.since(sight.now(), at);
    }

    static String age(Item item, Sight sight) {
        return Ages.since(
                switch (item) {
                    case Item.Supervised(State _, View view) -> view.unit().createdAt();
                    case Item.Endpoint(State _, View view) -> view.unit().createdAt();
                    case Item.Stack stack -> stack.revision().at();
                    case Item.Remote remote -> remote.since();
                    case Item.Machine machine -> machine.since();
                    case Item.Happening happening -> happening.event().first();
                },
                sight.now());
    }

    private static String bool(boolean value) {
        return value ? "True" : "False";
    }

    static String text(@Nullable Object value) {
        return value == null ? "<none>" : Plain.line(value.toString());
    }

    static String some(String value) {
        return value.isEmpty() ? "<none>" : value;
    }
}
