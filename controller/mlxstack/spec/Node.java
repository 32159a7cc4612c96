package mlxstack.spec;

import java.util.List;
import java.util.Map;

/** A value of the file with its place; lines and columns count from 1. */
sealed interface Node {

    int line();

    int column();

    /** Fields in file order. */
    record Mapping(int line, int column, Map<String, Entry> entries) implements Node {}

    /** @param line place of the key */
    record Entry(int line, int column, Node value) {}

    record Sequence(int line, int column, List<Node> items) implements Node {}

    /**
     * @param text in its one normal form for numbers, else as written
     * @param written for people
     */
    record Scalar(int line, int column, Type type, String text, String written) implements Node {}

    enum Type {
        TEXT,
        INTEGER,
        NUMBER,
        BOOLEAN,
        /** Nothing after the colon, {@code null} or {@code ~}. */
        NOTHING
    }
}
