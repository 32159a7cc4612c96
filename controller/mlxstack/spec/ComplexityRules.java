package mlxstack.spec;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Levels lead to models that exist, and it is known which of them is the more capable one. */
final class ComplexityRules {

    private final Cursor at;
    private final GatewayNames names;
    private final Problems problems;
    private final List<String> order;
    private final Set<String> levels;

    private ComplexityRules(Cursor at, GatewayNames names, Problems problems) {
        this.at = at;
        this.names = names;
        this.problems = problems;
        order = at.field("order").texts();
        levels = at.field("levels").fields().keySet();
    }

    static void check(Cursor spec, GatewayNames names, Problems problems) {
        var gateway = spec.field("gateway");
        var at = gateway.field("complexity");
        var rules = new ComplexityRules(at, names, problems);
        if (at.present()) {
            rules.model();
            rules.levels();
            rules.order();
            at.field("roles").fields().values().forEach(role -> rules.floor(role.field("floor")));
        }
        gateway.field("keys").items().forEach(key -> rules.floor(key.field("floor")));
    }

    private void model() {
        var model = at.field("model");
        if (names.endpoints().contains(model.text(""))) {
            problems.add(
                    model,
                    "found %s, which is an endpoint's name or role; expected a name of its own, such as auto"
                            .formatted(Found.quoted(model.text(""))));
        }
    }

    private void levels() {
        var mode = at.field("mode").text("off");
        if (!mode.equals("off") && levels.isEmpty()) {
            problems.add(
                    at.field("levels").present() ? at.field("levels") : at,
                    "missing levels; expected models for some of %s: write levels: {standard: {model: …}}"
                            .formatted(String.join(", ", ComplexityReader.LEVELS)));
        }
        var own = at.field("model").text(ComplexityReader.MODEL);
        at.field("levels").fields().values().forEach(level -> {
            var model = level.field("model");
            if (own.equals(model.text())) {
                problems.add(
                        model,
                        "found %s, which asks for complexity again; expected a model".formatted(Found.quoted(own)));
            } else if (known(model) && !order.contains(model.text())) {
                problems.add(
                        model,
                        "found %s, which is not in order; expected every model of a level there, the least capable first"
                                .formatted(Found.quoted(model.text(""))));
            }
        });
    }

    private void order() {
        for (var model : at.field("order").items()) {
            known(model);
        }
    }

    /** False also where there is no text. */
    private boolean known(Cursor model) {
        var targets = new LinkedHashSet<>(names.models());
        targets.remove(at.field("model").text(ComplexityReader.MODEL));
        GatewayNames.known(model, "model", targets, problems);
        return targets.contains(model.text(""));
    }

    private void floor(Cursor floor) {
        var name = floor.text();
        if (name == null || name.isEmpty() || order.contains(name) || levels.contains(name)) {
            return;
        }
        if (!at.present()) {
            problems.add(
                    floor,
                    "found a floor, and there is no gateway.complexity whose choice it could limit; expected one with levels and order, or no floor");
            return;
        }
        var both = new LinkedHashSet<>(order);
        both.addAll(levels);
        GatewayNames.known(floor, "model in order, and no level,", both, problems);
    }
}
