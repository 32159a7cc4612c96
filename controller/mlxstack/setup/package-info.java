/**
 * Writing stack files and settings: a first one for a machine, one of mlx-stack's, and single values in what is there. A
 * file of the user's is changed where it must be and nowhere else; one that exists is never lost.
 *
 * <p>May use: the JDK, vavr, Jackson, {@code mlxstack.scoring}, {@code mlxstack.hardware}, {@code mlxstack.catalog},
 * {@code mlxstack.bench}, {@code mlxstack.harness} for editing text, {@code mlxstack.store} for the home and {@code mlxstack.spec}.
 */
@NullMarked
package mlxstack.setup;

import org.jspecify.annotations.NullMarked;
