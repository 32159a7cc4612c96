package mlxstack.spec;

/** A value of an environment variable: text, or a reference to a secret that is resolved only at the spawn. */
public sealed interface EnvValue {

    record Text(String text) implements EnvValue {}

    /** A name in {@code $MLXSTACK_HOME/env}, else in the daemon's own environment. */
    record FromEnv(String name) implements EnvValue {}

    /** The whole file without its last newline. */
    record FromFile(String path) implements EnvValue {}

    /** A generic password item of the login keychain (macOS). */
    record FromKeychain(String item) implements EnvValue {}
}
