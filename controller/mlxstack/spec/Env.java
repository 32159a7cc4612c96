package mlxstack.spec;

import java.nio.file.Path;
import java.util.function.Function;

/**
 * What a stack file means depends on these, and on nothing else outside of it.
 *
 * @param home what {@code ~} expands to
 * @param digest of the content of a file, for {@code restartTriggers}; a missing file has one too. Must not throw
 */
public record Env(Path home, MemoryEstimator memory, Function<Path, String> digest) {}
