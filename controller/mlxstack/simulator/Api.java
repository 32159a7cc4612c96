package mlxstack.simulator;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which request is answered how. Shared by all connections; the mutable part is in {@link Faults}. */
final class Api {

    private final Knobs knobs;
    private final Faults faults;
    private final String model;
    private final long startedNanos = System.nanoTime();
    /** Seconds since 1970; the {@code created} of every answer, so that equal requests get equal bytes. */
    private final long created = System.currentTimeMillis() / 1000;

    Api(Knobs knobs, Faults faults) {
        this.knobs = knobs;
        this.faults = faults;
        this.model = knobs.text(Knob.MODEL, "simulator");
    }

    /** Answers, or throws {@link ClientGone} when nobody waits any more. */
    void serve(Request request, Wire wire, Answer answer) throws IOException {
        if (faults.hung()) {
            wire.silence();
        }
        try {
            route(request, wire, answer);
        } catch (BadRequest e) {
            answer.error(e.status, "invalid_request_error", String.valueOf(e.getMessage()), null);
        } catch (BadKnob e) {
            answer.error(400, "invalid_request_error", String.valueOf(e.getMessage()), null);
        }
    }

    private void route(Request request, Wire wire, Answer answer) throws IOException {
        String path = request.path();
        switch (path) {
            case "/health" -> {
                only("GET", request);
                health(answer);
            }
            case "/v1/models" -> {
                only("GET", request);
                answer.json(200, members("object", "list", "data", List.of(card())));
            }
            case "/v1/chat/completions", "/v1/completions", "/v1/embeddings" -> {
                only("POST", request);
                try {
                    model(request, wire, answer);
                } finally {
                    faults.answered();
                }
            }
            default -> {
                if (path.equals("/v1/models/" + model)) {
                    only("GET", request);
                    answer.json(200, card());
                } else {
                    throw new BadRequest(404, "the simulator has no " + path);
                }
            }
        }
    }

    private static void only(String method, Request request) {
        if (!request.method().equals(method)) {
            throw new BadRequest(405, request.path() + " takes " + method + ", found " + request.method());
        }
    }

    private boolean ready() {
        Duration load = knobs.duration(Knob.LOAD_TIME);
        return !knobs.has(Knob.NEVER_READY) && System.nanoTime() - startedNanos >= load.toNanos();
    }

    private void health(Answer answer) throws IOException {
        boolean ready = ready();
        answer.json(ready ? 200 : 503, members("status", ready ? "ok" : "loading model"));
    }

    private void model(Request request, Wire wire, Answer answer) throws IOException {
        Knobs here = knobs.with(request.header("x-simulator"));
        if (here.has(Knob.CLOSE)) {
            answer.last();
        }
        if (here.has(Knob.HANG)) {
            wire.silence();
        }
        if (!ready()) {
            answer.error(503, "unavailable_error", "the model is still loading", null);
            return;
        }
        int status = here.count(Knob.STATUS, 200);
        if (status != 200) {
            Integer retryAfter = here.has(Knob.RETRY_AFTER) ? here.count(Knob.RETRY_AFTER, 0) : null;
            answer.error(status, "simulated_error", "answered " + status + " as asked", retryAfter);
            return;
        }
        Body body = Body.read(request.body());
        var pace = new Pace(here, faults, wire);
        if (request.path().equals("/v1/embeddings")) {
            pace.first();
            Embeddings.answer(body, body.text("model", model), answer);
        } else {
            boolean chat = request.path().equals("/v1/chat/completions");
            new Completion(body, body.text("model", model), chat, here.count(Knob.TOKENS, -1), created)
                    .answer(pace, answer);
        }
    }

    private Map<String, @Nullable Object> card() {
        return members(
                "id",
                model,
                "object",
                "model",
                "created",
                created,
                "owned_by",
                "simulator",
                "max_model_len",
                knobs.count(Knob.CONTEXT_WINDOW, 4096));
    }

    /** A map of alternating names and values, in that order. */
    static Map<String, @Nullable Object> members(@Nullable Object... namesAndValues) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return map;
    }
}
