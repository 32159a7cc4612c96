package mlxstack.logs;

/** Names a launch. */
record LogKey(String name, long launch) {}
