/**
 * What goes over the wire between clients, the gateway and model servers: OpenAI's chat completions and Responses,
 * Anthropic's Messages, their streams, their errors, and the translation of one into another.
 *
 * <p>Values in, values out: no threads, clocks, sockets or files. May use: the JDK, Jackson, {@code mlxstack.spec}.
 */
@NullMarked
package mlxstack.wire;

import org.jspecify.annotations.NullMarked;
