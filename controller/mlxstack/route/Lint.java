package mlxstack.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import mlxstack.spec.ClientKey;
import mlxstack.spec.Complexity;
import mlxstack.spec.Route;
import org.jspecify.annotations.Nullable;

/** What a table says that can never come to bear. Nothing of it is an error: a rule may wait for its time. Stateless. */
public final class Lint {

    private final Table table;
    private final List<String> findings = new ArrayList<>();

    private Lint(Table table) {
        this.table = table;
    }

    /** One line each, without an end; in the order of the file: rules, then endpoints, then complexity. */
    public static List<String> of(Table table) {
        var lint = new Lint(table);
        lint.rules();
        lint.backends();
        var complexity = table.complexity();
        if (complexity != null && complexity.mode() != Complexity.Mode.OFF) {
            lint.complexity(complexity);
        }
        return List.copyOf(lint.findings);
    }

    private void rules() {
        var routes = table.routes();
        for (int i = 0; i < routes.size(); i++) {
            var route = routes.get(i);
            var before = Shadows.before(routes, i);
            if (before != null) {
                boolean one = before.size() == 1;
                findings.add(
                        "route %s is never reached: %s before it %s everything it could match; move it up or remove it"
                                .formatted(
                                        route.name(),
                                        (one ? "route " : "routes ") + names(before),
                                        one ? "matches" : "match"));
            } else if (!table.keys().isEmpty()
                    && table.keys().stream().noneMatch(key -> Grant.canMeet(route.match(), key))) {
                findings.add("route %s is never reached: what spec.gateway.keys says of every key contradicts its match"
                        .formatted(route.name()));
            }
        }
    }

    private static String names(List<Route> routes) {
        return routes.stream().map(Route::name).collect(Collectors.joining(", "));
    }

    private void backends() {
        for (Backend backend : table.backends()) {
            if (!table.keys().isEmpty() && table.keys().stream().noneMatch(key -> allowed(key, backend))) {
                findings.add("%s is never used: no key allows it".formatted(backend.id()));
            } else if (!reachable(backend)) {
                findings.add("%s is never used: routes take every request for %s elsewhere"
                        .formatted(backend.id(), String.join(", ", backend.names())));
            }
        }
    }

    private boolean allowed(ClientKey key, Backend backend) {
        return Grant.of(table, key, "").allows(backend)
                || key.allow().stream()
                        .anyMatch(name -> Grant.of(table, key, name).allows(backend));
    }

    private boolean reachable(Backend backend) {
        boolean routed = table.routes().stream()
                .flatMap(route -> route.backends().stream())
                .anyMatch(
                        target -> Targets.backends(table, target, backend.id()).contains(backend));
        var modelClass = backend.modelClass();
        return routed
                || chosen(backend)
                || backend.names().stream().anyMatch(name -> open("model", name))
                || (modelClass != null && open("modelClass", modelClass));
    }

    private boolean chosen(Backend backend) {
        var complexity = table.complexity();
        return complexity != null
                && complexity.mode() == Complexity.Mode.ON
                && Levels.ladder(complexity).stream().anyMatch(backend.names()::contains);
    }

    /** Whether a request that says no more than this can get past all rules that name backends. */
    private boolean open(String condition, String name) {
        var asked = Map.of(condition, List.of(name));
        return table.routes().stream()
                .filter(route -> !route.backends().isEmpty())
                .noneMatch(route -> Shadows.covers(Shadows.conditions(route.match()), asked));
    }

    private void complexity(Complexity complexity) {
        if (complexity.mode() == Complexity.Mode.ON && !open("model", complexity.model())) {
            findings.add(
                    "complexity is never asked for: a route takes every request for %s".formatted(complexity.model()));
        }
        var ladder = Levels.ladder(complexity);
        complexity.levels().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparingInt(Levels.ALL::indexOf)))
                .forEach(entry ->
                        level(complexity, entry.getKey(), entry.getValue().model()));
        for (String model : ladder) {
            if (!complexity.order().isEmpty() && !complexity.order().contains(model)) {
                findings.add("complexity: %s is in no place of order, so every floor is above it".formatted(model));
            }
        }
        floors(complexity).forEach(floor -> {
            if (!ladder.contains(floor)) {
                findings.add("complexity: floor %s is no level and in no place of order, so it lifts nothing"
                        .formatted(floor));
            }
        });
    }

    private void level(Complexity complexity, String level, String model) {
        if (Targets.named(table, model).isEmpty()) {
            findings.add("complexity: level %s goes to %s, which nobody serves".formatted(level, model));
        } else if (level.equals("trivial")
                && complexity.classifier() == Complexity.Classifier.TEXT
                && complexity.roles().values().stream().noneMatch(role -> level.equals(role.level()))) {
            findings.add("complexity: level trivial is never chosen: no text says that it is, and no role has it");
        }
    }

    private Set<String> floors(Complexity complexity) {
        var floors = new LinkedHashSet<String>();
        table.keys().stream().map(ClientKey::floor).forEach(floor -> add(complexity, floor, floors));
        complexity.roles().values().stream()
                .map(Complexity.Role::floor)
                .sorted(Comparator.nullsFirst(Comparator.naturalOrder()))
                .forEach(floor -> add(complexity, floor, floors));
        return floors;
    }

    private static void add(Complexity complexity, @Nullable String floor, Set<String> floors) {
        var model = Levels.model(complexity, floor);
        if (model != null) {
            floors.add(model);
        }
    }
}
