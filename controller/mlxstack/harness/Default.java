package mlxstack.harness;

/** A value that is written only where there is none. */
record Default(Object value) {}
