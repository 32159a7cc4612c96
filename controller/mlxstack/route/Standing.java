package mlxstack.route;

import org.jspecify.annotations.Nullable;

/**
 * What a decision goes by beside the table and the request: only complexity asks for it.
 *
 * @param level chosen before in the same session; null: none
 */
public record Standing(@Nullable String level, Spending spending) {

    public static final Standing NONE = new Standing(null, Spending.UNLIMITED);
}
