/**
 * Which models suit a machine and a use: figures of each model on that machine (measured, from the catalog, or
 * estimated), what they are worth in each role, and the set of models that is worth most within one memory budget.
 * mlx-stack's own way of ranking is kept beside it for those who compare.
 *
 * <p>May use: the JDK, Jackson, {@code mlxstack.hardware}, {@code mlxstack.catalog}, {@code mlxstack.spec}. Values in,
 * values out: nothing here opens a file, asks a machine or prints.
 */
@NullMarked
package mlxstack.scoring;

import org.jspecify.annotations.NullMarked;
