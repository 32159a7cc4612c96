/**
 * A model server without a model: an OpenAI-compatible program with deterministic answers and faults on demand, for
 * trying things out and for tests. Its own process with its own main.
 *
 * <p>May use: the JDK, and nothing else, so that it stays small. May not use: any other package of ours.
 */
@NullMarked
package mlxstack.simulator;

import org.jspecify.annotations.NullMarked;
