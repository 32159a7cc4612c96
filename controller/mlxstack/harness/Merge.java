package mlxstack.harness;

import io.vavr.control.Either;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts what is wanted into a text of the user's, and takes it out again. What is wanted is a map of maps, lists, texts,
 * numbers, booleans and {@link Keyed}; only what differs is touched. Pure.
 */
final class Merge {

    private Merge() {}

    private record Change(List<Step> path, @Nullable Object value) {}

    static Either<Flaw, String> with(Notation notation, String text, Map<String, Object> wanted) {
        return notation.read(text).flatMap(there -> {
            var changes = new ArrayList<Change>();
            differences(List.of(), there, wanted, changes);
            return applied(notation, text, changes);
        });
    }

    private static Either<Flaw, String> applied(Notation notation, String text, List<Change> changes) {
        Either<Flaw, String> result = Either.right(text);
        for (Change change : changes) {
            result = result.flatMap(now -> change.value() == null
                    ? notation.remove(now, change.path())
                    : notation.put(now, change.path(), change.value()));
        }
        return result;
    }

    private static void differences(
            List<Step> path, @Nullable Object there, @Nullable Object wanted, List<Change> changes) {
        if (wanted instanceof Map<?, ?> map && there instanceof Map<?, ?> now) {
            map.forEach((key, value) ->
                    differences(deeper(path, new Step.Key(String.valueOf(key))), now.get(key), value, changes));
        } else if (wanted instanceof Keyed keyed) {
            for (var item : keyed.items()) {
                var step = keyed.step(item);
                differences(deeper(path, step), item(there, step), item, changes);
            }
        } else if (wanted instanceof Default(Object value)) {
            if (there == null) {
                changes.add(new Change(path, value));
            }
        } else if (wanted instanceof Map<?, ?> map && (special(map) || there instanceof List)) {
            // Into a list it does not fit: that is told where it is tried.
            map.forEach(
                    (key, value) -> differences(deeper(path, new Step.Key(String.valueOf(key))), null, value, changes));
        } else if (wanted != null && !Objects.equals(there, normal(wanted))) {
            changes.add(new Change(path, wanted));
        }
    }

    /** Whether it has to be put in piece by piece. */
    private static boolean special(Object wanted) {
        return wanted instanceof Keyed
                || wanted instanceof Default
                || (wanted instanceof Map<?, ?> map && map.values().stream().anyMatch(Merge::special));
    }

    private static List<Step> deeper(List<Step> path, Step step) {
        var deeper = new ArrayList<>(path);
        deeper.add(step);
        return List.copyOf(deeper);
    }

    private static @Nullable Object item(@Nullable Object list, Step.Item step) {
        if (list instanceof List<?> items) {
            for (Object item : items) {
                if (item instanceof Map<?, ?> map
                        && step.having().entrySet().stream()
                                .allMatch(e -> Objects.equals(map.get(e.getKey()), e.getValue()))) {
                    return map;
                }
            }
        }
        return null;
    }

    /** As a notation reads it back. */
    static @Nullable Object normal(@Nullable Object value) {
        return switch (value) {
            case Integer number -> number.longValue();
            case Map<?, ?> map -> {
                var normal = new LinkedHashMap<String, @Nullable Object>();
                map.forEach((key, inner) -> normal.put(String.valueOf(key), normal(inner)));
                yield normal;
            }
            case List<?> list -> {
                var normal = new ArrayList<@Nullable Object>();
                list.forEach(item -> normal.add(normal(item)));
                yield normal;
            }
            case Keyed keyed -> normal(keyed.items());
            case Default(Object inner) -> normal(inner);
            case null, default -> value;
        };
    }

    /**
     * Takes out what was put in, where it still is as it was put in, and puts back what was there.
     *
     * @param ours as it was given to {@link #with}
     * @param before what {@link #replaced} said before that
     */
    static Either<Flaw, String> without(
            Notation notation, String text, Map<String, Object> ours, Map<String, Object> before) {
        return notation.read(text).flatMap(there -> {
            var changes = new ArrayList<Change>();
            boolean _ = retract(List.of(), there, ours, before, changes);
            return applied(notation, text, changes);
        });
    }

    /** @return whether all of {@code there} is ours and goes, so that whoever holds it may go as well */
    private static boolean retract(
            List<Step> path, @Nullable Object there, Object ours, @Nullable Object before, List<Change> changes) {
        if (there == null) {
            return true;
        }
        if (before == null && Objects.equals(there, normal(ours))) {
            return true;
        }
        var inner = new ArrayList<Change>();
        boolean all = before == null;
        if (ours instanceof Map<?, ?> map && there instanceof Map<?, ?> now) {
            var old = before instanceof Map<?, ?> known ? known : Map.of();
            all &= map.keySet().containsAll(now.keySet());
            for (var entry : map.entrySet()) {
                var step = deeper(path, new Step.Key(String.valueOf(entry.getKey())));
                all &= goes(step, now.get(entry.getKey()), entry.getValue(), old.get(entry.getKey()), inner);
            }
        } else if (ours instanceof Keyed keyed && there instanceof List<?> list) {
            all &= list.size() <= keyed.items().size();
            for (var item : keyed.items()) {
                var step = keyed.step(item);
                all &= goes(deeper(path, step), item(there, step), item, item(before, step), inner);
            }
        } else {
            if (before != null && Objects.equals(there, normal(ours)) && !Objects.equals(there, before)) {
                changes.add(new Change(path, before));
            }
            return false;
        }
        if (!all) {
            changes.addAll(inner);
        }
        return all;
    }

    private static boolean goes(
            List<Step> path,
            @Nullable Object there,
            @Nullable Object ours,
            @Nullable Object before,
            List<Change> changes) {
        if (ours == null || !retract(path, there, ours, before, changes)) {
            return false;
        }
        if (there != null) {
            changes.add(new Change(path, null));
        }
        return true;
    }

    /** Of what is there, what {@code wanted} would write over; nothing else, for it may be secret. */
    static Map<String, Object> replaced(Map<String, @Nullable Object> there, Map<String, Object> wanted) {
        var kept = new LinkedHashMap<String, Object>();
        wanted.forEach((key, value) -> {
            Object old = kept(there.get(key), value);
            if (old != null) {
                kept.put(key, old);
            }
        });
        return kept;
    }

    private static @Nullable Object kept(@Nullable Object there, Object wanted) {
        if (there instanceof Map<?, ?> now && wanted instanceof Map<?, ?> map) {
            var kept = new LinkedHashMap<String, Object>();
            map.forEach((key, value) -> {
                Object old = kept(now.get(key), value);
                if (old != null) {
                    kept.put(String.valueOf(key), old);
                }
            });
            return kept;
        } else if (wanted instanceof Keyed keyed && there instanceof List<?>) {
            var kept = new ArrayList<Object>();
            for (var item : keyed.items()) {
                Object old = kept(item(there, keyed.step(item)), item);
                if (old != null) {
                    kept.add(old);
                }
            }
            return kept;
        }
        return there;
    }

    /** What of {@code old} is no longer in {@code now}. */
    static Map<String, Object> dropped(Map<String, Object> old, Map<String, Object> now) {
        var dropped = new LinkedHashMap<String, Object>();
        old.forEach((key, value) -> {
            Object rest = dropped(value, now.get(key));
            if (rest != null) {
                dropped.put(key, rest);
            }
        });
        return dropped;
    }

    private static @Nullable Object dropped(Object old, @Nullable Object now) {
        if (now == null) {
            return old;
        } else if (old instanceof Map<?, ?> before && now instanceof Map<?, ?> after) {
            var rest = dropped(Flow.map(before), Flow.map(after));
            return rest.isEmpty() ? null : rest;
        } else if (old instanceof Keyed before && now instanceof Keyed after) {
            var rest = before.items().stream()
                    .filter(item -> item(after.items(), before.step(item)) == null)
                    .toList();
            return rest.isEmpty() ? null : new Keyed(before.by(), rest);
        }
        return null;
    }
}
