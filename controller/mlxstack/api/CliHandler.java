package mlxstack.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs command lines that arrive over the socket. Implemented by {@code mlxstack.cli}; called from many threads. */
public interface CliHandler {

    /**
     * Runs on the caller's thread until the command is over; an interrupt means that the client has gone.
     *
     * @return the exit code
     */
    int run(Request request, Output output) throws InterruptedException;

    /**
     * What the thin client sent.
     *
     * @param args without the program's name
     * @param directory the client's working directory, absolute
     * @param columns of the terminal; 0 when standard output is none
     * @param environment the few variables that are passed on
     * @param file content of the file a command reads, as the client read it; null when none was named
     */
    record Request(
            List<String> args,
            String directory,
            int columns,
            Map<String, String> environment,
            @Nullable String file) {
        public Request {
            args = List.copyOf(args);
            environment = Map.copyOf(environment);
        }
    }

    /** Where a command writes to. Owned by one thread. */
    interface Output {

        void out(String text) throws InterruptedException;

        /** Bytes as they are. */
        void out(byte[] bytes) throws InterruptedException;

        /** One line on standard error. */
        void err(String line);

        /** Sends what is buffered. */
        void flush() throws InterruptedException;

        /** The client is to put this question to a person and, if the answer is yes, to run the command again with
         * {@code --yes}. */
        void ask(String question);
    }
}
