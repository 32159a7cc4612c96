package mlxstack.wire;

import org.jspecify.annotations.Nullable;

/**
 * One server-sent event.
 *
 * @param event its name; null when it has none
 * @param data its lines joined by newlines; empty for a comment
 */
public record Frame(@Nullable String event, String data) {}
