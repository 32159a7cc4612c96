package mlxstack.cli;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** What {@code --sort-by} compares: absent before numbers before text, numbers by size. */
record SortKey(int rank, double number, String text) implements Comparable<SortKey> {

    static SortKey of(List<JsonNode> values) {
        if (values.isEmpty()) {
            return new SortKey(0, 0, "");
        }
        JsonNode value = values.getFirst();
        return value.isNumber() ? new SortKey(1, value.asDouble(), "") : new SortKey(2, 0, JsonPath.text(value));
    }

    @Override
    public int compareTo(SortKey other) {
        int byRank = Integer.compare(rank, other.rank);
        int byNumber = byRank != 0 ? byRank : Double.compare(number, other.number);
        return byNumber != 0 ? byNumber : text.compareTo(other.text);
    }
}
