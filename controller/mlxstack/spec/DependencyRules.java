package mlxstack.spec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Dependencies name something that exists, and do not go round in circles. */
final class DependencyRules {

    private DependencyRules() {}

    static void check(Cursor spec, Problems problems) {
        var edges = new LinkedHashMap<String, List<Cursor>>();
        var names = new ArrayList<String>();
        for (var workload : SemanticRules.workloads(spec)) {
            var name = workload.field("name").text();
            if (name != null) {
                names.add(name);
                edges.putIfAbsent(
                        name,
                        workload.field("dependsOn").items().stream()
                                .map(item -> item.field("name"))
                                .toList());
            }
        }
        if (SemanticRules.hasGateway(spec)) {
            names.add(Workload.GATEWAY);
        }
        var known = new HashSet<>(names);
        for (var list : edges.values()) {
            for (var at : list) {
                var name = at.text();
                if (name != null && !known.contains(name)) {
                    problems.add(at, dangling(name, names));
                }
            }
        }
        new Cycles(edges, problems).find();
    }

    private static String dangling(String name, List<String> names) {
        if (name.equals(Workload.GATEWAY)) {
            return "there is no gateway to wait for; spec.gateway.engine is none";
        }
        return "there is no endpoint or process %s%s"
                .formatted(Found.quoted(name), Suggestions.didYouMean(name, names));
    }

    /** Depth first without recursion; every edge back into the current path closes a circle. */
    private static final class Cycles {
        private final Map<String, List<Cursor>> edges;
        private final Problems problems;
        private final Map<String, Integer> depth = new HashMap<>();
        private final HashSet<String> done = new HashSet<>();
        private final List<String> path = new ArrayList<>();
        private final ArrayDeque<Iterator<Cursor>> open = new ArrayDeque<>();

        Cycles(Map<String, List<Cursor>> edges, Problems problems) {
            this.edges = edges;
            this.problems = problems;
        }

        void find() {
            for (var start : edges.keySet()) {
                if (!done.contains(start)) {
                    enter(start);
                    walk();
                }
            }
        }

        private void walk() {
            while (!open.isEmpty()) {
                if (!open.getLast().hasNext()) {
                    open.removeLast();
                    var left = path.removeLast();
                    depth.remove(left);
                    done.add(left);
                    continue;
                }
                var at = open.getLast().next();
                var name = at.text("");
                var from = depth.get(name);
                if (from != null) {
                    problems.add(at, "dependency cycle: " + circle(from) + "; take one of these dependencies out");
                } else if (edges.containsKey(name) && !done.contains(name)) {
                    enter(name);
                }
            }
        }

        private void enter(String name) {
            depth.put(name, path.size());
            path.add(name);
            open.addLast(edges.getOrDefault(name, List.of()).iterator());
        }

        private String circle(int from) {
            var names = new ArrayList<>(path.subList(from, path.size()));
            names.add(path.get(from));
            if (names.size() > 12) {
                names.subList(6, names.size() - 5).clear();
                names.add(6, "…");
            }
            return String.join(" → ", names);
        }
    }
}
