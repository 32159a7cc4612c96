package mlxstack.proxy;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** A tree as YAML that people can read, in the order in which it was made. Confined to one call. */
final class YamlBlock {

    /** What reads as a text and as nothing else. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_./-]*");

    private static final Set<String> WORDS = Set.of("true", "false", "yes", "no", "on", "off", "null", "y", "n");

    private final StringBuilder out = new StringBuilder();

    private YamlBlock() {}

    /** @param root an object */
    static String of(JsonNode root) {
        var block = new YamlBlock();
        block.object(root, 0, "");
        return block.out.toString();
    }

    /** @param lead what stands on the first line in place of the indentation */
    private void object(JsonNode node, int indent, String lead) {
        String before = lead;
        for (var field : node.properties()) {
            out.append(before.isEmpty() ? " ".repeat(indent) : before)
                    .append(text(field.getKey()))
                    .append(':');
            value(field.getValue(), indent);
            before = "";
        }
    }

    private void value(JsonNode node, int indent) {
        if (node.isEmpty() || node.isValueNode()) {
            out.append(' ').append(scalar(node)).append('\n');
            return;
        }
        out.append('\n');
        if (node.isObject()) {
            object(node, indent + 2, "");
            return;
        }
        for (JsonNode item : node) {
            String dash = " ".repeat(indent + 2) + "- ";
            if (item.isObject() && !item.isEmpty()) {
                object(item, indent + 4, dash);
            } else {
                out.append(dash).append(scalar(item)).append('\n');
            }
        }
    }

    private static String scalar(JsonNode node) {
        if (node.isString()) {
            return text(node.asString());
        }
        return node.isNumber() ? node.decimalValue().toPlainString() : node.toString();
    }

    /** JSON's quoted form is one of YAML's. */
    private static String text(String text) {
        boolean plain = PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT));
        return plain ? text : StringNode.valueOf(text).toString();
    }
}
