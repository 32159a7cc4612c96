package mlxstack.pull;

/** Why a model could not be had. */
public record PullProblem(Kind kind, String message) {

    public enum Kind {
        /** What was asked for has no meaning, or several. */
        WANTED,
        /** The hub has no such model, revision or file. */
        NOT_FOUND,
        /** The hub wants somebody to agree to terms, or to show a token. */
        FORBIDDEN,
        /** Forbidden by {@code HF_HUB_OFFLINE}, and not here. */
        OFFLINE,
        /** The hub cannot be reached, or does not answer as one. */
        NETWORK,
        /** Not enough room. */
        SPACE,
        /** What came is not what the hub says it is. */
        CONTENT,
        /** The disk refused. */
        DISK,
        /** Something still uses it. */
        IN_USE,
        /** A program that is needed is missing or failed. */
        PROGRAM
    }

    /** Carries a problem out of the depths; never leaves this package. */
    static final class Raised extends Exception {

        private static final long serialVersionUID = 1;

        private final transient PullProblem problem;

        Raised(PullProblem problem) {
            super(problem.message());
            this.problem = problem;
        }

        Raised(Kind kind, String message) {
            this(new PullProblem(kind, message));
        }

        PullProblem problem() {
            return problem;
        }
    }
}
