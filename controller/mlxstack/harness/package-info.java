/**
 * Configuration of the agents that people use: what each of them must be told to use the gateway, and how it is put
 * into files that are the user's own, with comments and order kept and a way back.
 *
 * <p>Runs in the short-lived JVM of a verb. All is values but {@link mlxstack.harness.UserFile} and {@link
 * mlxstack.harness.Applied}, which read and write. May use: the JDK, vavr, Jackson and the YAML parser below it, {@code
 * mlxstack.spec}. Writes no secret: keys are named by the environment variable that holds them.
 */
@NullMarked
package mlxstack.harness;

import org.jspecify.annotations.NullMarked;
