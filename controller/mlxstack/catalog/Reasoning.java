package mlxstack.catalog;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import mlxstack.spec.EngineKind;

/**
 * Whether a model thinks aloud before it answers, and how an engine tells its thoughts from its answer.
 *
 * @param parsers none for an engine that needs none
 */
public record Reasoning(Mode mode, List<Tools.Parser> parsers) {

    public static final Reasoning NONE = new Reasoning(Mode.NEVER, List.of());

    public enum Mode {
        NEVER,
        /** It can be turned off for a request. */
        SWITCHABLE,
        ALWAYS;

        /** As in files: {@code switchable}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Reasoning {
        parsers = List.copyOf(parsers);
    }

    public boolean thinks() {
        return mode != Mode.NEVER;
    }

    /** Names of parsers for an engine, best first. */
    public Stream<String> parsers(EngineKind engine) {
        return parsers.stream().filter(parser -> parser.engine() == engine).map(Tools.Parser::parser);
    }
}
