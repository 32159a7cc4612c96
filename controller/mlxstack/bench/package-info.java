/**
 * How fast a model is on this machine: measuring endpoints, judging what was measured, and the figures a user saved.
 *
 * <p>May use: the JDK, Jackson, okhttp, vavr, {@code mlxstack.wire}, {@code mlxstack.spec}.
 */
@NullMarked
package mlxstack.bench;

import org.jspecify.annotations.NullMarked;
