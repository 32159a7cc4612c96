/**
 * What the user asks for: the values of {@code stack.yaml}, and nothing about how or whether they are met.
 *
 * <p>May use: the JDK, vavr, Jackson, the schema validator. May not use: any other package of ours.
 */
@NullMarked
package mlxstack.spec;

import org.jspecify.annotations.NullMarked;
