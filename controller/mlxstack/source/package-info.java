/**
 * Sees the stack file change: from "something moved in a directory" to "these bytes are what the user means, they have
 * settled, and this is the commit they come from".
 *
 * <p>Says nothing about what the bytes mean; how much harm they would do is asked of a function that is passed in. May
 * use: the JDK, vavr, directory-watcher, the {@code git} binary, {@code mlxstack.reconcile}, {@code mlxstack.spec}. May
 * not use: any other package of ours.
 */
@NullMarked
package mlxstack.source;

import org.jspecify.annotations.NullMarked;
