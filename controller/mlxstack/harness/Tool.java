package mlxstack.harness;

import java.util.ArrayList;
import java.util.List;

/** What all recipes say of their tool in the same way. Stateless. */
abstract class Tool implements Harness {

    private final String name;
    private final String title;
    private final Dialect dialect;
    private final boolean projects;
    private final List<Role> roles;

    Tool(String name, String title, Dialect dialect, boolean projects, Role... roles) {
        this.name = name;
        this.title = title;
        this.dialect = dialect;
        this.projects = projects;
        this.roles = List.of(roles);
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String title() {
        return title;
    }

    @Override
    public final Dialect dialect() {
        return dialect;
    }

    @Override
    public final boolean projects() {
        return projects;
    }

    @Override
    public final List<Role> roles() {
        return roles;
    }

    /** What has to be exported so that the tool finds its key in {@code variable}; nothing where none is asked for. */
    static List<Recipe.Variable> key(Facts facts, String variable) {
        var variables = new ArrayList<Recipe.Variable>();
        if (facts.keyName() != null) {
            variables.add(new Recipe.Variable(
                    variable,
                    variable.equals(facts.keyName()) ? "..." : "\"$" + facts.keyName() + "\"",
                    "the key, one of spec.gateway.keys; it is written to no file"));
        }
        return variables;
    }
}
