package mlxstack.setup;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The text of a stack file: YAML as people write it, with its comments. Pure. */
public final class StackText {

    private static final String SCHEMA = "# yaml-language-server: $schema=";
    /** Text that means itself without quotes, wherever it stands. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/.~][A-Za-z0-9_/.+@%=-]*(?::[A-Za-z0-9_/.+@%=-]+)*");

    private static final List<String> WORDS = List.of("true", "false", "null", "yes", "no", "on", "off", "~");
    /** An amount, which is text although it begins with a digit. */
    private static final Pattern AMOUNT = Pattern.compile("[0-9]+(?:[.][0-9]+)?(?:[KMGT]i?|%|s|m|h)");

    private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(?:[.][0-9]{1,3}){3}:[0-9]{1,5}");

    private final StringBuilder out = new StringBuilder();

    private StackText() {}

    /** @param schema where editors find the schema; null for no such line */
    public static String of(Draft draft, @Nullable String schema) {
        var text = new StackText();
        text.write(draft, schema);
        return text.out.toString();
    }

    private void write(Draft draft, @Nullable String schema) {
        if (schema != null) {
            out.append(SCHEMA).append(schema).append('\n');
        }
        comments("", draft.notes());
        line("", "apiVersion: mlxstack.dev/v1");
        line("", "kind: Stack");
        line("", "metadata:");
        field("  ", "name", draft.name());
        int head = out.length();
        body(draft);
        out.insert(head, out.length() == head ? "spec: {}\n" : "spec:\n");
    }

    private void body(Draft draft) {
        if (draft.budget() != null || draft.reserve() != null) {
            line("  ", "# What all models together may take of this machine's memory.");
            line("  ", "memory:");
            field("    ", "budget", draft.budget());
            field("    ", "reserve", draft.reserve());
        }
        defaults(draft);
        if (!draft.endpoints().isEmpty()) {
            blank();
            line("  ", "# Model servers. Clients ask for one by its name, as \"model\".");
            line("  ", "endpoints:");
            draft.endpoints().forEach(this::endpoint);
        }
        if (!draft.providers().isEmpty()) {
            blank();
            line("  ", "providers:");
            draft.providers().forEach(this::provider);
        }
        if (draft.listen() != null || !draft.routes().isEmpty()) {
            blank();
            line("  ", "# One address for all of them.");
            line("  ", "gateway:");
            field("    ", "listen", draft.listen());
            if (!draft.routes().isEmpty()) {
                line("    ", "routes:");
                draft.routes().forEach(this::route);
            }
        }
    }

    private void defaults(Draft draft) {
        boolean logs = draft.logSize() != null || draft.logFiles() != null;
        if (!logs && draft.environment().isEmpty()) {
            return;
        }
        blank();
        line("  ", "defaults:");
        if (!draft.environment().isEmpty()) {
            line("    ", "env:");
            new TreeMap<>(draft.environment()).forEach((name, value) -> field("      ", name, value));
        }
        if (logs) {
            line("    ", "logs:");
            field("      ", "maxSize", draft.logSize());
            number("      ", "maxFiles", draft.logFiles());
        }
    }

    private void endpoint(Draft.Endpoint endpoint) {
        comments("    ", endpoint.notes());
        line("    ", "- name: " + text(endpoint.name()));
        field("      ", "description", endpoint.description());
        field("      ", "engine", endpoint.engine());
        field("      ", "model", endpoint.model());
        number("      ", "port", endpoint.port());
        field("      ", "memory", endpoint.memory());
        number("      ", "contextWindow", endpoint.contextWindow());
        number("      ", "concurrency", endpoint.concurrency());
        list("      ", "args", endpoint.args());
        list("      ", "roles", endpoint.roles());
    }

    private void provider(Draft.Provider provider) {
        comments("    ", provider.notes());
        line("    ", "- name: " + text(provider.name()));
        field("      ", "type", provider.type());
        field("      ", "baseUrl", provider.baseUrl());
        if (provider.secret() != null) {
            line("      ", "apiKey: {env: " + provider.secret() + "}");
        }
        line("      ", "models:");
        provider.models()
                .forEach((name, model) ->
                        line("        ", "- {name: %s, model: %s}".formatted(text(name), text(model))));
    }

    private void route(Draft.Route route) {
        comments("      ", route.notes());
        line("      ", "- name: " + text(route.name()));
        line("        ", "match: {model: " + text(route.model()) + "}");
        line("        ", "backends:");
        for (String backend : route.backends()) {
            int slash = backend.indexOf('/');
            line(
                    "          ",
                    slash < 0
                            ? "- {endpoint: " + text(backend) + "}"
                            : "- {provider: %s, model: %s}"
                                    .formatted(text(backend.substring(0, slash)), text(backend.substring(slash + 1))));
        }
    }

    private void comments(String indent, List<String> lines) {
        for (String each : lines) {
            if (each.isBlank()) {
                line(indent, "#");
            }
            each.lines().forEach(one -> line(indent, "# " + one));
        }
    }

    private void blank() {
        out.append('\n');
    }

    private void line(String indent, String text) {
        out.append(indent).append(text).append('\n');
    }

    private void field(String indent, String name, @Nullable String value) {
        if (value != null) {
            line(indent, name + ": " + text(value));
        }
    }

    private void number(String indent, String name, @Nullable Integer value) {
        if (value != null) {
            line(indent, name + ": " + value);
        }
    }

    private void list(String indent, String name, List<String> values) {
        if (!values.isEmpty()) {
            var texts = new ArrayList<String>();
            values.forEach(each -> texts.add(text(each)));
            line(indent, name + ": [" + String.join(", ", texts) + "]");
        }
    }

    /** As YAML has it in block and flow alike: in quotes wherever it could be taken for something else. */
    static String text(String value) {
        boolean plain = PLAIN.matcher(value).matches()
                || AMOUNT.matcher(value).matches()
                || ADDRESS.matcher(value).matches()
                || value.matches("--?[A-Za-z][A-Za-z0-9-]*")
                || value.matches("https?://[A-Za-z0-9_./:-]+[A-Za-z0-9_/]");
        boolean word = WORDS.contains(value.toLowerCase(Locale.ROOT)) || (value.matches("[.0-9].*") && !amount(value));
        return plain && !word ? value : quoted(value);
    }

    private static boolean amount(String value) {
        return AMOUNT.matcher(value).matches()
                || ADDRESS.matcher(value).matches()
                || value.startsWith("./")
                || value.startsWith("../");
    }

    private static String quoted(String value) {
        var text = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ' || c == '\u007f' || (c >= '\u0080' && c < '\u00a0')) {
                        text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        return text.append('"').toString();
    }
}
