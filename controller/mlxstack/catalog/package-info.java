/**
 * What is known of models: one file each beside this one, and the user's own over them. What is not known is absent, what
 * is guessed is marked.
 *
 * <p>May use: the JDK, vavr, Jackson's tree and {@code mlxstack.spec}. Values and reading of files; asks no network.
 */
@NullMarked
package mlxstack.catalog;

import org.jspecify.annotations.NullMarked;
