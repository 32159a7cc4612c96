@NullMarked
package mlxstack.harness;

import org.jspecify.annotations.NullMarked;
