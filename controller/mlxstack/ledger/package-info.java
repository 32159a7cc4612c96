/**
 * What was asked, by whom, what it cost, and what may still be spent: a SQLite file that the gateway writes and the
 * command line reads.
 *
 * <p>May use: the JDK, SQLite's JDBC driver, slf4j, {@code mlxstack.route}, {@code mlxstack.wire}, {@code mlxstack.spec}.
 */
@NullMarked
package mlxstack.ledger;

import org.jspecify.annotations.NullMarked;
