/**
 * What machine models would run on: this one, found out by asking the system, or another, known by its id.
 *
 * <p>May use: the JDK, vavr, Jackson's tree and {@code mlxstack.spec}. Parsers take text and give values; only the
 * detectors start commands or read files, with time limits, and what they cannot learn is absent, never a failure.
 */
@NullMarked
package mlxstack.hardware;

import org.jspecify.annotations.NullMarked;
