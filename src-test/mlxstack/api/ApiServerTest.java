package mlxstack.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import mlxstack.reconcile.Effect.EmitEvent;
import org.junit.jupiter.api.Test;

class ApiServerTest extends ServedTest {

    private static final String TABLE = "Accept: application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    @Test
    void theSocketIsForOurUserOnly() throws Exception {
        assertThat(Files.getPosixFilePermissions(socket)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        try (var answer = get("/livez")) {
            assertThat(answer.body()).isEqualTo("ok");
        }
    }

    @Test
    void aListIsSortedAndCarriesItsVersion() throws Exception {
        try (var answer = get(GROUP + "/processes?limit=500")) {
            var list = answer.json();
            assertThat(answer.status).isEqualTo(200);
            assertThat(list.get("kind").asString()).isEqualTo("ProcessList");
            assertThat(list.at("/metadata/resourceVersion").asString()).isEqualTo("1000");
            assertThat(list.get("items")
                            .valueStream()
                            .map(i -> i.at("/metadata/name").asString()))
                    .containsExactly("gateway", "primary", "web-ui");
        }
    }

    @Test
    void aProcessHasTheShapeOfTheDesign() throws Exception {
        plane.memory.put("primary", 123L);
        try (var answer = get(GROUP + "/namespaces/default/processes/primary")) {
            var object = answer.json();
            assertThat(object.at("/metadata/ownerReferences/0/kind").asString()).isEqualTo("Endpoint");
            assertThat(object.at("/metadata/uid").asString()).hasSize(36);
            assertThat(object.at("/metadata/labels/tier").asString()).isEqualTo("model");
            assertThat(object.at("/spec/restart/backoff/max").asString()).isEqualTo("1m");
            var status = object.get("status");
            assertThat(status.get("state").asString()).isEqualTo("healthy");
            assertThat(status.get("pid").asLong()).isEqualTo(501);
            assertThat(status.at("/current/running/startedAt").asString()).isEqualTo("2026-03-14T11:30:00Z");
            assertThat(status.at("/memory/declared").asLong()).isEqualTo(6L << 30);
            assertThat(status.at("/memory/current").asLong()).isEqualTo(123);
            assertThat(status.at("/conditions/0/type").asString()).isEqualTo("Ready");
            assertThat(status.get("observedGeneration").asLong()).isEqualTo(1);
        }
        try (var answer = get(GROUP + "/processes/web-ui")) {
            var status = answer.json().get("status");
            assertThat(status.at("/current/waiting/reason").asString()).isEqualTo("CrashLoopBackOff");
            assertThat(status.at("/current/waiting/nextAttempt").asString()).isEqualTo("2026-03-14T12:00:08Z");
            assertThat(status.at("/last/terminated/exitCode").asInt()).isEqualTo(3);
        }
    }

    @Test
    void tablesAreAskedForByTheAcceptHeader() throws Exception {
        try (var answer = get(GROUP + "/processes", TABLE)) {
            var table = answer.json();
            assertThat(table.get("kind").asString()).isEqualTo("Table");
            assertThat(table.at("/columnDefinitions/0/format").asString()).isEqualTo("name");
            assertThat(table.at("/columnDefinitions/4/priority").asInt()).isZero();
            assertThat(table.at("/columnDefinitions/5/priority").asInt()).isEqualTo(1);
            assertThat(table.at("/rows/2/cells/2").asString()).isEqualTo("CrashLoopBackOff");
            assertThat(table.at("/rows/2/object/kind").asString()).isEqualTo("PartialObjectMetadata");
            assertThat(table.at("/rows/2/object/metadata/name").asString()).isEqualTo("web-ui");
        }
        try (var answer = get(GROUP + "/processes/primary?includeObject=Object", TABLE)) {
            assertThat(answer.json().at("/rows/0/object/status/state").asString())
                    .isEqualTo("healthy");
        }
        try (var answer = get(GROUP + "/processes?includeObject=None", TABLE)) {
            assertThat(answer.json().at("/rows/0").has("object")).isFalse();
        }
    }

    @Test
    void selectorsSelectAndBadOnesAreRefused() throws Exception {
        try (var answer = get(GROUP + "/processes?labelSelector=tier%20in%20(helper),mlxstack.dev/engine!%3Dgateway")) {
            assertThat(answer.json().get("items").size()).isEqualTo(1);
        }
        try (var answer = get(GROUP + "/processes?fieldSelector=metadata.name%3Dprimary")) {
            assertThat(answer.json().get("items").size()).isEqualTo(1);
        }
        try (var answer = get(GROUP + "/processes?fieldSelector=status.pid%3D1")) {
            assertThat(answer.status).isEqualTo(400);
            assertThat(answer.json().get("message").asString()).isEqualTo("field label not supported: status.pid");
        }
    }

    @Test
    void everyErrorIsAStatus() throws Exception {
        try (var answer = get(GROUP + "/processes/nope")) {
            var status = answer.json();
            assertThat(answer.status).isEqualTo(404);
            assertThat(status.get("kind").asString()).isEqualTo("Status");
            assertThat(status.get("message").asString()).isEqualTo("processes.mlxstack.dev \"nope\" not found");
            assertThat(status.at("/details/group").asString()).isEqualTo("mlxstack.dev");
            assertThat(status.at("/details/kind").asString()).isEqualTo("processes");
        }
        try (var answer = get("/no/such/thing")) {
            assertThat(answer.status).isEqualTo(404);
            assertThat(answer.json().get("message").asString())
                    .isEqualTo("the server could not find the requested resource");
        }
        try (var answer = UnixHttp.send(socket, "DELETE", GROUP + "/processes/primary", "{}")) {
            assertThat(answer.status).isEqualTo(405);
            assertThat(answer.json().get("reason").asString()).isEqualTo("MethodNotAllowed");
        }
        try (var answer = UnixHttp.send(socket, "POST", "/cli", "x".repeat(9 << 20))) {
            assertThat(answer.status).isEqualTo(413);
        } catch (java.io.IOException e) {
            // The server may also close before all of it is sent.
            assertThat(e).isNotNull();
        }
    }

    @Test
    void eventsAreFoundAsDescribeAndEventsLookForThem() throws Exception {
        plane.event("web-ui", EmitEvent.Type.WARNING, "BackOff", "back-off 20s", Duration.ofSeconds(12), 4);
        plane.event(null, EmitEvent.Type.NORMAL, "ConfigAccepted", "revision 7", Duration.ofHours(1), 1);
        String uid;
        try (var answer = get(GROUP + "/processes/web-ui")) {
            uid = answer.json().at("/metadata/uid").asString();
        }
        String describe = "involvedObject.name=web-ui,involvedObject.namespace=,involvedObject.kind=Process,"
                + "involvedObject.uid=" + uid;
        try (var answer = get("/api/v1/events?fieldSelector=" + describe.replace("=", "%3D"))) {
            var items = answer.json().get("items");
            assertThat(items.size()).isEqualTo(1);
            assertThat(items.at("/0/count").asInt()).isEqualTo(4);
            assertThat(items.at("/0/involvedObject/namespace").isMissingNode()).isTrue();
            assertThat(items.at("/0/metadata/namespace").asString()).isEqualTo("default");
        }
        String forStack =
                "involvedObject.kind=Stack,involvedObject.apiVersion=mlxstack.dev/v1,involvedObject.name=home";
        try (var answer = get("/api/v1/namespaces/default/events?fieldSelector=" + forStack.replace("=", "%3D"))) {
            assertThat(answer.json().at("/items/0/reason").asString()).isEqualTo("ConfigAccepted");
        }
        try (var answer = get("/api/v1/events", TABLE)) {
            assertThat(answer.json().at("/rows/1/cells/0").asString()).isEqualTo("12s (x4 over 60m)");
        }
    }

    @Test
    void logsTakeTheQueryOfKubectl() throws Exception {
        plane.logs.write("primary", "one\ntwo\nthree\n");
        try (var answer = get("/api/v1/namespaces/default/pods/primary/log?tailLines=2&container=primary")) {
            assertThat(answer.body()).isEqualTo("two\nthree\n");
        }
        try (var answer = get("/api/v1/namespaces/default/pods/primary/log?limitBytes=5")) {
            assertThat(answer.body()).isEqualTo("one\nt");
        }
        try (var answer =
                get("/api/v1/namespaces/default/pods/primary/log?sinceSeconds=60&timestamps=true&follow=false")) {
            answer.body();
            var query = plane.logs.queries.getLast();
            assertThat(query.since()).isEqualTo("2026-03-14T11:59:00Z");
            assertThat(query.timestamps()).isTrue();
            assertThat(query.follow()).isFalse();
        }
        try (var answer = get("/api/v1/namespaces/default/pods/primary/log?previous=true")) {
            assertThat(answer.status).isEqualTo(400);
            assertThat(answer.json().get("message").asString())
                    .isEqualTo("previous terminated container \"primary\" in pod \"primary\" not found");
        }
        try (var answer = get("/api/v1/namespaces/default/pods/primary/log?tailLines=-1")) {
            assertThat(answer.status).isEqualTo(400);
        }
        try (var answer = get("/api/v1/namespaces/default/pods/nope/log")) {
            assertThat(answer.json().get("message").asString()).isEqualTo("pods \"nope\" not found");
        }
    }

    @Test
    void aLogFollowerIsClosedWhenItsClientGoes() throws Exception {
        plane.logs.write("primary", "one\n");
        try (var answer = get("/api/v1/namespaces/default/pods/primary/log?follow=true")) {
            assertThat(answer.chunk()).asString().isEqualTo("one\n");
            plane.logs.write("primary", "two\n");
            assertThat(answer.chunk()).asString().isEqualTo("two\n");
            assertThat(plane.logs.open).hasValue(1);
        }
        org.awaitility.Awaitility.await().untilAtomic(plane.logs.open, org.hamcrest.Matchers.is(0));
    }

    @Test
    void theVersionIsOneThatKubectlCanRead() throws Exception {
        try (var answer = get("/version?timeout=32s")) {
            assertThat(answer.json().get("gitVersion").asString()).isEqualTo("v1.33.0+mlxstack.0.1.0");
        }
    }
}
