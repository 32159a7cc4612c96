/**
 * The daemon: everything is constructed and wired here, around one thread that owns the state. Nothing else in the
 * program may depend on this package.
 */
@NullMarked
package mlxstack.daemon;

import org.jspecify.annotations.NullMarked;
