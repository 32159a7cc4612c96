package mlxstack.catalog;

import java.util.List;
import java.util.stream.Stream;
import mlxstack.spec.EngineKind;

/**
 * Whether a model calls tools, and what each engine must be told so that its calls come out as such.
 *
 * @param calling whether it was trained to
 * @param parsers none for an engine that needs none
 */
public record Tools(boolean calling, List<Parser> parsers) {

    public static final Tools NONE = new Tools(false, List.of());

    public Tools {
        parsers = List.copyOf(parsers);
    }

    /**
     * @param since the first release of the engine that knows this parser, as in {@code 0.2.9}; empty for any
     * @param parser as the engine calls it
     */
    public record Parser(EngineKind engine, String since, String parser) {}

    /** Names of parsers for an engine, best first. */
    public Stream<String> parsers(EngineKind engine) {
        return parsers.stream().filter(parser -> parser.engine() == engine).map(Parser::parser);
    }
}
