package mlxstack.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arguments under construction: what the user wrote wins over what an engine would add. Confined to one resolve. */
final class Flags {

    private final List<String> own = new ArrayList<>();
    private final List<String> given;

    Flags(List<String> given) {
        this.given = List.copyOf(given);
    }

    Flags add(String... words) {
        own.addAll(List.of(words));
        return this;
    }

    /** Left out when there is no value, or when the user gave the flag. {@code names} are its spellings, ours first. */
    Flags unlessGiven(List<String> names, @Nullable Object value) {
        if (value != null && names.stream().noneMatch(this::isGiven)) {
            own.add(names.getFirst());
            own.add(value.toString());
        }
        return this;
    }

    Flags unlessGiven(String name, @Nullable Object value) {
        return unlessGiven(List.of(name), value);
    }

    /** A flag without a value. */
    Flags switchUnlessGiven(String name) {
        if (!isGiven(name)) {
            own.add(name);
        }
        return this;
    }

    boolean isGiven(String name) {
        return given.stream().anyMatch(arg -> arg.equals(name) || arg.startsWith(name + "="));
    }

    /** What the user gave that flag; null when it is not among the arguments, or has no value. */
    @Nullable
    String given(String name) {
        for (int i = 0; i < given.size(); i++) {
            String arg = given.get(i);
            if (arg.startsWith(name + "=")) {
                return arg.substring(name.length() + 1);
            }
            if (arg.equals(name)) {
                return i + 1 < given.size() ? given.get(i + 1) : null;
            }
        }
        return null;
    }

    /** Ours, then the user's. */
    List<String> after(String... command) {
        var all = new ArrayList<>(List.of(command));
        all.addAll(own);
        all.addAll(given);
        return all;
    }
}
