package mlxstack.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;
import java.util.function.Supplier;
import mlxstack.gateway.ModelField.BadBody;
import mlxstack.route.Ask;
import mlxstack.route.Asking;
import mlxstack.route.Sessions;
import mlxstack.route.Spending;
import mlxstack.upstream.Call;
import mlxstack.upstream.Dispatcher;
import mlxstack.wire.ApiError;
import mlxstack.wire.Operation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes in what is posted, looks for what its way depends on, and sends it there. Event loop only. */
final class Posts {

    private static final Logger LOG = LoggerFactory.getLogger(Posts.class);
    /** Bodies to this size are looked through at once; larger ones would keep other requests waiting. */
    private static final int AT_ONCE = 256 * 1024;
    /** Conversations whose level of complexity is remembered. */
    private static final int CONVERSATIONS = 4096;

    private final Vertx vertx;
    private final TableFile tables;
    private final Dispatcher dispatcher;
    private final Intake intake;
    private final Spending spending;
    private final Recall recall;
    private final Desk desk;
    private final Sessions sessions = new Sessions(CONVERSATIONS);

    Posts(
            Vertx vertx,
            TableFile tables,
            Dispatcher dispatcher,
            Intake intake,
            Spending spending,
            Recall recall,
            Desk desk) {
        this.desk = desk;
        this.vertx = vertx;
        this.tables = tables;
        this.dispatcher = dispatcher;
        this.intake = intake;
        this.spending = spending;
        this.recall = recall;
    }

    /** @param key the name of the key it came with; null without one */
    void serve(HttpServerRequest request, String path, @Nullable String key) {
        intake.take(vertx, request, body -> find(request, path, key, body), error -> desk.refuse(request, key, error));
    }

    private void find(HttpServerRequest request, String path, @Nullable String key, Intake.Body body) {
        var table = tables.recent();
        String type = request.getHeader("Content-Type");
        byte[] bytes = body.bytes();
        int length = body.length();
        Supplier<Runnable> look = () -> {
            try {
                var model = ModelField.find(type, bytes, length);
                var ask = Asking.of(
                        table, Operation.of(path), model.value(), key, name -> request.getHeader(name), bytes, length);
                return ask.fold(
                        error -> () -> refuse(request, key, body, error),
                        found -> () -> send(request, path, key, new Named(body, model), found));
            } catch (BadBody bad) {
                return () -> refuse(
                        request, key, body, ApiError.invalid(400, null, bad.param, Objects.toString(bad.getMessage())));
            } catch (RuntimeException fault) {
                LOG.error("a request body of {} bytes could not be looked through", length, fault);
                return () -> refuse(request, key, body, ApiError.internal(fault));
            }
        };
        if (length <= AT_ONCE) {
            look.get().run();
        } else {
            vertx.executeBlocking(look::get, false)
                    .onComplete(Runnable::run, fault -> refuse(request, key, body, ApiError.internal(fault)));
        }
    }

    private void refuse(HttpServerRequest request, @Nullable String key, Intake.Body body, ApiError error) {
        body.release();
        desk.refuse(request, key, error);
    }

    private void send(HttpServerRequest request, String path, @Nullable String key, Named body, Ask ask) {
        if (request.response().closed()) {
            body.release();
            return;
        }
        if (ask.operation() == Operation.RESPONSES) {
            recall.bring(
                    key == null ? "" : key, body.bytes(), body.length(), () -> dispatch(request, path, key, body, ask));
        } else {
            dispatch(request, path, key, body, ask);
        }
    }

    private void dispatch(HttpServerRequest request, String path, @Nullable String key, Named body, Ask ask) {
        if (request.response().closed()) {
            body.release();
            return;
        }
        String query = request.query();
        dispatcher.dispatch(new Call(
                request,
                Front.id(request),
                ask.operation(),
                query == null ? path : path + "?" + query,
                key,
                body,
                table -> sessions.decide(table, ask, spending)));
    }
}
