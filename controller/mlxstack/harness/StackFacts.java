package mlxstack.harness;

import io.vavr.control.Either;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import mlxstack.spec.ClientKey;
import mlxstack.spec.EnvValue;
import mlxstack.spec.Gateway;
import mlxstack.spec.Stack;
import mlxstack.spec.Suggestions;
import mlxstack.spec.Workload;
import org.jspecify.annotations.Nullable;

/** Finds in a stack what tools are told. Pure. */
public final class StackFacts {

    private static final String KEY = "MLXSTACK_KEY";

    private StackFacts() {}

    /**
     * @param roles names of models for roles, as the user wants them
     * @param key one of the stack's keys by name; null: the one that is called like the tool, or the only one
     * @param tool whose configuration it is for
     */
    public record Choice(Map<Role, String> roles, @Nullable String key, String tool) {
        public Choice {
            roles = Map.copyOf(roles);
        }
    }

    /**
     * @param natural a model's own window by its repository or path; null: not known
     * @return or why not, in words that say what to do
     */
    public static Either<String, Facts> of(Stack stack, Choice choice, Function<String, @Nullable Integer> natural) {
        var gateway = stack.gateway();
        if (gateway.engine() == Gateway.Engine.NONE) {
            return Either.left("the stack has no gateway (spec.gateway.engine is none), so that there is no one address"
                    + " to tell a tool; remove that line");
        }
        var names = names(stack, natural);
        for (var wanted : choice.roles().entrySet()) {
            if (!names.containsKey(wanted.getValue())) {
                return Either.left("--role %s: there is no model \"%s\"%s"
                        .formatted(wanted.getKey().word(), wanted.getValue(), near(wanted.getValue(), names)));
            }
        }
        var key = key(gateway, choice);
        if (choice.key() != null && key == null) {
            var known = gateway.keys().stream().map(ClientKey::name).toList();
            return Either.left("--key: spec.gateway.keys has no \"%s\"%s"
                    .formatted(choice.key(), Suggestions.didYouMean(choice.key(), known)));
        }
        var talking = stack.workloads().stream()
                .filter(w -> w.kind() == Workload.Kind.ENDPOINT && w.replicas() > 0)
                .filter(w -> allowed(w, key))
                .toList();
        var roles = new EnumMap<Role, Model>(Role.class);
        for (Role role : Role.values()) {
            var model = model(role, choice, talking, names);
            if (model != null) {
                roles.put(role, model);
            }
        }
        if (!roles.containsKey(Role.MAIN)) {
            return Either.left(
                    key == null
                            ? "the stack has no endpoint that runs; give it one under spec.endpoints"
                            : "key \"%s\" allows no endpoint that runs; name a model with --role main=NAME"
                                    .formatted(key.name()));
        }
        var models = new LinkedHashMap<String, Model>();
        var main = roles.get(Role.MAIN);
        models.put(main.name(), main);
        talking.stream().filter(w -> !embeds(w)).forEach(w -> models.putIfAbsent(w.name(), names.get(w.name())));
        roles.forEach((role, model) -> {
            if (role != Role.EMBEDDINGS) {
                models.putIfAbsent(model.name(), model);
            }
        });
        String host = gateway.host().contains(":") ? "[" + gateway.host() + "]" : gateway.host();
        String keyName = gateway.keys().isEmpty()
                ? null
                : key != null && key.secret() instanceof EnvValue.FromEnv(String name) ? name : KEY;
        return Either.right(new Facts(host, gateway.port(), keyName, roles, List.copyOf(models.values())));
    }

    private static String near(String name, Map<String, Model> names) {
        var near = Suggestions.didYouMean(name, names.keySet());
        return near.isEmpty() ? "; the stack has " + String.join(", ", names.keySet()) : near;
    }

    private static @Nullable ClientKey key(Gateway gateway, Choice choice) {
        var keys = gateway.keys();
        for (ClientKey key : keys) {
            if (key.name().equals(choice.key() == null ? choice.tool() : choice.key())) {
                return key;
            }
        }
        return choice.key() == null && keys.size() == 1 ? keys.getFirst() : null;
    }

    private static boolean allowed(Workload endpoint, @Nullable ClientKey key) {
        return key == null
                || key.allow().isEmpty()
                || key.allow().contains(endpoint.name())
                || endpoint.roles().stream().anyMatch(key.allow()::contains);
    }

    /** All that a client may ask for, endpoints first. */
    private static Map<String, Model> names(Stack stack, Function<String, @Nullable Integer> natural) {
        var names = new LinkedHashMap<String, Model>();
        var roles = new LinkedHashMap<String, Model>();
        for (Workload workload : stack.workloads()) {
            if (workload.kind() == Workload.Kind.ENDPOINT) {
                var model = Windows.of(workload, natural);
                names.put(workload.name(), model);
                workload.roles()
                        .forEach(role ->
                                roles.putIfAbsent(role, new Model(role, model.window(), model.from(), model.output())));
            }
        }
        roles.forEach(names::putIfAbsent);
        for (var provider : stack.providers()) {
            for (var model : provider.models()) {
                names.putIfAbsent(
                        model.name(),
                        Model.of(
                                model.name(),
                                model.contextWindow(),
                                model.contextWindow() == null
                                        ? "not known: give model " + model.name() + " a contextWindow"
                                        : "contextWindow of provider " + provider.name()));
            }
        }
        var others = new ArrayList<String>();
        stack.gateway().routes().forEach(route -> others.addAll(route.match().model()));
        var complexity = stack.gateway().complexity();
        if (complexity != null) {
            others.add(complexity.model());
        }
        others.forEach(name -> names.putIfAbsent(
                name, new Model(name, null, "not known: \"" + name + "\" may be answered by several models", null)));
        return names;
    }

    private static @Nullable Model model(Role role, Choice choice, List<Workload> talking, Map<String, Model> names) {
        String wanted = choice.roles().get(role);
        if (wanted != null) {
            return names.get(wanted);
        }
        var fit = talking.stream()
                .filter(w -> embeds(w) == (role == Role.EMBEDDINGS))
                .toList();
        for (Workload endpoint : fit) {
            if (endpoint.roles().stream().anyMatch(role::means)) {
                return names.get(endpoint.name());
            }
        }
        for (Workload endpoint : fit) {
            if (role.means(endpoint.name())) {
                return names.get(endpoint.name());
            }
        }
        return (role == Role.MAIN || role == Role.EMBEDDINGS) && !fit.isEmpty()
                ? names.get(fit.getFirst().name())
                : null;
    }

    /** Whether it is there for vectors alone. */
    private static boolean embeds(Workload endpoint) {
        return Role.EMBEDDINGS.means(endpoint.name())
                || endpoint.roles().stream().anyMatch(Role.EMBEDDINGS::means)
                || endpoint.template().args().stream()
                        .anyMatch(a -> a.equals("--embeddings") || a.equals("--embedding"));
    }
}
