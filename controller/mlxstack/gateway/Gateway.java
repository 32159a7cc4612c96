package mlxstack.gateway;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import mlxstack.ledger.Answers;
import mlxstack.route.Table;
import mlxstack.upstream.Dispatcher;
import mlxstack.upstream.Upstreams;
import mlxstack.wire.Conversations;

/** Listens and serves until it is drained. Made and drained by any thread; everything else is on its event loop. */
final class Gateway {

    /** For what is not written yet at the end. */
    private static final Duration LEDGER = Duration.ofSeconds(2);

    /** For telling those that could not be served; this much of the grace. And those who watch. */
    private static final long LAST_MS = 1_000;

    private static final int SOCKET_BUFFER = 64 * 1024;

    private final Vertx vertx;
    private final Context loop;
    private final Table started;
    private final Books books;
    private final AnswerStore answers;
    private final Watch watch;
    private final Dispatcher dispatcher;
    private final Front front;
    private final Patience patience;
    private final List<HttpServer> servers = new ArrayList<>();
    private volatile boolean draining;

    /** @param log where the access log goes; not closed */
    record Limits(Patience.Limits patience, Dispatcher.Pace pace, OutputStream log) {

        static final Limits DEFAULT =
                new Limits(Patience.Limits.DEFAULT, Dispatcher.Pace.DEFAULT, new FileOutputStream(FileDescriptor.out));
    }

    private Gateway(Vertx vertx, TableFile tables, Intake intake, Limits limits) {
        this.vertx = vertx;
        this.started = tables.current();
        this.loop = vertx.getOrCreateContext();
        this.watch = new Watch(vertx, tables::last, limits.log());
        var desk = new Desk(watch, InstantSource.system());
        this.patience = new Patience(vertx, limits.patience(), System::nanoTime, desk);
        Executor onLoop = task -> loop.runOnContext(_ -> task.run());
        this.books = new Books(
                tables.path().resolveSibling("ledger.db"), tables::recent, onLoop, InstantSource.system(), watch);
        this.answers = new AnswerStore(
                new Answers(tables.path().resolveSibling("responses.db"), InstantSource.system()),
                started.keeping(),
                onLoop);
        // What budgets have to know of the past is read before the first request asks.
        onLoop.execute(this::table);
        var conversations = new Conversations(answers);
        this.dispatcher = new Dispatcher(
                vertx, this::table, new Upstreams(vertx), ways(tables, books, conversations), limits.pace());
        var recall = new Recall(conversations, answers, desk);
        this.front = new Front(
                tables,
                desk,
                new Posts(vertx, tables, dispatcher, intake, books::against, recall, desk),
                recall,
                new Status(vertx, tables, dispatcher, books, watch, () -> draining, this::port));
    }

    /** The one in force now, by which all is done from here on. */
    private Table table() {
        var table = books.table();
        answers.keeping(table.keeping());
        return table;
    }

    private static Dispatcher.Ways ways(TableFile tables, Books books, Conversations conversations) {
        return new Dispatcher.Ways(
                new Dialects(conversations, InstantSource.system()),
                name -> tables.secrets().provider(name),
                books,
                books,
                Dialects::tokens);
    }

    /**
     * Listens where the table says, on each address of its host; port 0 is one that is free.
     *
     * @return failed when one of them cannot be listened on
     */
    static Future<Gateway> start(TableFile tables, Intake intake, Limits limits) throws UnknownHostException {
        var gateway = new Gateway(lean(), tables, intake, limits);
        var table = gateway.started;
        Future<Integer> port = Future.succeededFuture(table.port());
        var addresses = InetAddress.getAllByName(table.host());
        for (InetAddress address : addresses) {
            port = port.compose(wanted -> gateway.listen(address, wanted)
                    .recover(error -> addresses.length > 1 && isMissing(address)
                            ? Future.succeededFuture(wanted)
                            : Future.failedFuture(error)));
        }
        return port.map(gateway).onFailure(_ -> gateway.vertx.close());
    }

    /** A name may stand for an address of a family that is turned off. */
    private static boolean isMissing(InetAddress address) {
        try (var probe = new ServerSocket(0, 1, address)) {
            return probe.getLocalPort() <= 0;
        } catch (IOException e) {
            return true;
        }
    }

    private Future<Integer> listen(InetAddress address, int port) {
        var server = vertx.createHttpServer(new HttpServerOptions()
                        .setMaxHeaderSize(64 * 1024)
                        .setMaxInitialLineLength(8 * 1024)
                        .setSendBufferSize(SOCKET_BUFFER)
                        .setAcceptBacklog(1024)
                        .setHttp2ClearTextEnabled(false)
                        // Nobody opens a WebSocket: each request would pass a handler for it.
                        .setPerFrameWebSocketCompressionSupported(false)
                        .setPerMessageWebSocketCompressionSupported(false)
                        .setHandle100ContinueAutomatically(true)
                        .setIdleTimeout(0))
                // A client that resets its connection is no event; its relay sees it.
                .connectionHandler(connection -> {
                    connection.exceptionHandler(_ -> {});
                    patience.opened(connection);
                })
                .requestHandler(request -> {
                    patience.began(request);
                    front.serve(request);
                });
        String at = address.getHostAddress();
        return server.listen(port, at)
                .map(listening -> {
                    servers.add(listening);
                    return listening.actualPort();
                })
                .recover(error -> Future.failedFuture(
                        new IOException("cannot listen on %s:%d: %s".formatted(at, port, error.getMessage()), error)));
    }

    /** One event loop, and no more threads, caches and resolvers than loopback needs. */
    private static Vertx lean() {
        return Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    }

    int port() {
        return servers.getFirst().actualPort();
    }

    /** What it began with. */
    Table started() {
        return started;
    }

    /**
     * Takes no more connections and lets requests under way end for {@code grace}, those that wait in their turn; tells
     * the others that it ends, and ends. Waits for it.
     */
    void drain(Duration grace) throws Exception {
        draining = true;
        var closing = new ArrayList<Future<Void>>();
        for (HttpServer server : servers) {
            closing.add(server.shutdown(Math.max(1, grace.toMillis()), TimeUnit.MILLISECONDS));
        }
        // As long as the last part is enough for all to be told.
        long last = Math.max(1, grace.toMillis() - Math.min(LAST_MS, grace.toMillis() / 4));
        vertx.setTimer(last, _ -> dispatcher.abandon());
        try {
            Future.join(closing).await(grace.toMillis() + 2_000, TimeUnit.MILLISECONDS);
        } finally {
            tell();
            vertx.close().await(2, TimeUnit.SECONDS);
            watch.flush();
            answers.close(LEDGER);
            books.close(LEDGER);
        }
    }

    /** Those who watch, of the last requests; whoever does not listen is not waited for. */
    private void tell() {
        var told = Promise.<Void>promise();
        loop.runOnContext(_ -> watch.close().onComplete(told));
        try {
            told.future().await(LAST_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // It is counted as dropped, which nobody can ask any more.
        }
    }
}
