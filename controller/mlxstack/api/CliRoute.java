package mlxstack.api;

import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /cli}: a command line from the thin client as a URL-encoded form, its standard output as the body, and
 * the rest as trailers. Holds nothing that changes; called from many threads.
 *
 * <p>Fields: {@code a} an argument (in order), {@code d} the working directory, {@code c} the columns of a terminal,
 * {@code e} a variable as {@code NAME=value}, {@code f} the content of a file. Trailers: {@code Mlxstack-Error} one line
 * of standard error, {@code Mlxstack-Ask} a question, {@code Mlxstack-Exit} the exit code.
 */
final class CliRoute {

    private static final int MANY_LINES = 500;

    private final CliHandler handler;

    CliRoute(CliHandler handler) {
        this.handler = handler;
    }

    void serve(Exchange exchange) throws InterruptedException {
        if (!exchange.method().equals("POST")) {
            Refusal.method(exchange.method()).answer(exchange);
            return;
        }
        CliHandler.Request request;
        try {
            request = parse(new String(exchange.body(), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            Refusal.badRequest("malformed command line: " + e.getMessage()).answer(exchange);
            return;
        }
        exchange.begin("text/plain; charset=utf-8");
        var output = new Buffered(exchange);
        int code = handler.run(request, output);
        output.finish(code);
    }

    static CliHandler.Request parse(String form) {
        var args = new ArrayList<String>();
        var environment = new HashMap<String, String>();
        String directory = "/";
        int columns = 0;
        String file = null;
        for (String pair : form.split("&")) {
            if (pair.isEmpty()) {
                // What curl makes of an empty file: not even its name.
                file = "";
                continue;
            }
            int at = pair.indexOf('=');
            String value = URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8);
            switch (at < 0 ? "" : pair.substring(0, at)) {
                case "a" -> args.add(value);
                case "d" -> directory = value;
                case "c" -> columns = value.matches("[0-9]{1,4}") ? Integer.parseInt(value) : 0;
                case "e" -> {
                    int is = value.indexOf('=');
                    if (is > 0) {
                        environment.put(value.substring(0, is), value.substring(is + 1));
                    }
                }
                case "f" -> file = value;
                default -> throw new IllegalArgumentException("unknown field in \"" + pair + "\"");
            }
        }
        return new CliHandler.Request(args, directory, columns, environment, file);
    }

    /** Collects what a command prints and sends it in few pieces. Confined to the serving thread. */
    private static final class Buffered implements CliHandler.Output {

        private static final int ENOUGH = 16 * 1024;

        private final Exchange exchange;
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();
        private final List<String> errors = new ArrayList<>();
        private @Nullable String question;

        Buffered(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void out(String text) throws InterruptedException {
            out(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void out(byte[] bytes) throws InterruptedException {
            held.writeBytes(bytes);
            if (held.size() >= ENOUGH) {
                flush();
            }
        }

        @Override
        public void err(String line) {
            line.lines().forEach(l -> {
                if (errors.size() < MANY_LINES) {
                    errors.add(Plain.line(l));
                }
            });
        }

        @Override
        public void flush() throws InterruptedException {
            if (held.size() > 0) {
                exchange.write(held.toByteArray());
                held.reset();
            }
        }

        @Override
        public void ask(String text) {
            question = Plain.line(text);
        }

        void finish(int code) throws InterruptedException {
            flush();
            errors.forEach(line -> exchange.trailer("Mlxstack-Error", line));
            if (question != null) {
                exchange.trailer("Mlxstack-Ask", question);
            }
            exchange.trailer("Mlxstack-Exit", Integer.toString(code));
            exchange.end();
        }
    }
}
