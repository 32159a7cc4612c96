package mlxstack.harness;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that a tool is told of the gateway.
 *
 * @param host as it is written in an address
 * @param keyName the environment variable with the key; null: the gateway asks for none
 * @param roles who does what; {@link Role#MAIN} is always there
 * @param models what may be chosen: endpoints that talk, and those in {@code roles}
 */
public record Facts(String host, int port, @Nullable String keyName, Map<Role, Model> roles, List<Model> models) {

    /** What stands for a key where none is asked for and a tool insists on one. */
    static final String NO_KEY = "none";

    public Facts {
        roles = Map.copyOf(roles);
        models = List.copyOf(models);
    }

    /** Without {@code /v1}. */
    public String root() {
        return "http://" + host + ":" + port;
    }

    /** With it. */
    public String v1() {
        return root() + "/v1";
    }

    Model main() {
        return Objects.requireNonNull(roles.get(Role.MAIN));
    }

    /** Who does it, or does it instead; null where nobody can. */
    public @Nullable Model model(Role role) {
        for (Role each = role; each != null; each = each.instead()) {
            var model = roles.get(each);
            if (model != null) {
                return model;
            }
        }
        return null;
    }

    /** For roles that somebody always has. */
    Model of(Role role) {
        var model = model(role);
        return model == null ? main() : model;
    }

    /** Whether somebody else than the main model does it. */
    boolean differs(Role role) {
        return !of(role).name().equals(main().name());
    }

    /** Those that do one of these. */
    Set<Model> doing(Iterable<Role> wanted) {
        var doing = new LinkedHashSet<Model>();
        for (Role role : wanted) {
            var model = model(role);
            if (model != null) {
                doing.add(model);
            }
        }
        return doing;
    }

    boolean sees(Model model) {
        var seeing = roles.get(Role.VISION);
        return seeing != null && model.name().equals(seeing.name());
    }
}
