package mlxstack.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Function;
import mlxstack.api.LogSource;

/** Several logs followed at once: each is read on a thread of its own, and printed by the caller. */
final class LogStreams {

    private LogStreams() {}

    record Named(String name, LogSource.Reader reader) {
        void close() {
            try {
                reader.close();
            } catch (IOException _) {
                // Only read from: nothing can be lost.
            }
        }
    }

    /** Something to print for one log, or its end. */
    private interface Piece {
        /** @return whether the log goes on */
        boolean print() throws InterruptedException;
    }

    /** Ends when all logs have ended. */
    static void together(Session session, List<Named> sources, Function<String, LogPrinter> printers)
            throws InterruptedException {
        BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(64);
        var threads = new ArrayList<Thread>();
        var byName = new HashMap<String, LogPrinter>();
        for (Named source : sources) {
            var printer = byName.computeIfAbsent(source.name(), printers);
            threads.add(Thread.ofVirtual().name("logs").start(() -> read(source, printer, pieces)));
        }
        try {
            int open = sources.size();
            while (open > 0) {
                if (!pieces.take().print()) {
                    open--;
                }
                if (pieces.isEmpty()) {
                    session.output().flush();
                }
            }
        } finally {
            threads.forEach(Thread::interrupt);
        }
    }

    private static void read(Named source, LogPrinter printer, BlockingQueue<Piece> to) {
        try {
            try {
                boolean more = true;
                while (more) {
                    byte[] bytes = source.reader().next();
                    more = bytes != null;
                    if (bytes != null) {
                        to.put(() -> {
                            printer.print(bytes);
                            return true;
                        });
                    }
                }
            } catch (IOException e) {
                byte[] text = ("cannot read the log: " + e.getMessage() + "\n").getBytes(StandardCharsets.UTF_8);
                to.put(() -> {
                    printer.print(text);
                    return true;
                });
            }
            to.put(() -> {
                printer.end();
                return false;
            });
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
