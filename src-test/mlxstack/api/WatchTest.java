package mlxstack.api;

import static mlxstack.reconcile.Units.crashing;
import static mlxstack.reconcile.Units.endpoint;
import static mlxstack.reconcile.Units.process;
import static mlxstack.reconcile.Units.ready;
import static mlxstack.reconcile.Units.unit;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import mlxstack.reconcile.Effect.EmitEvent;
import mlxstack.reconcile.ExitStatus;
import mlxstack.reconcile.State;
import mlxstack.reconcile.Units;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class WatchTest extends ServedTest {

    @Override
    int history() {
        return 8;
    }

    private static String brief(JsonNode event) {
        return event.get("type").asString() + " "
                + event.at("/object/metadata/name").asString();
    }

    private static JsonNode next(UnixHttp watch) throws Exception {
        return Objects.requireNonNull(watch.event());
    }

    private State crashed(int times) {
        return Units.with(
                plane.state(), unit(process("web-ui", "open-webui", "serve"), crashing(times, new ExitStatus.Code(3))));
    }

    @Test
    void withoutAVersionEverythingThereIsComesFirst() throws Exception {
        try (var watch = get(GROUP + "/processes?watch=true&resourceVersion=0")) {
            assertThat(brief(next(watch))).isEqualTo("ADDED gateway");
            assertThat(brief(next(watch))).isEqualTo("ADDED primary");
            assertThat(brief(next(watch))).isEqualTo("ADDED web-ui");
            plane.become(crashed(6));
            var event = next(watch);
            assertThat(brief(event)).isEqualTo("MODIFIED web-ui");
            assertThat(event.at("/object/status/restarts").asInt()).isEqualTo(6);
        }
    }

    @Test
    void fromAListOnNothingIsMissedAndNothingRepeated() throws Exception {
        String version;
        try (var list = get(GROUP + "/processes")) {
            version = list.json().at("/metadata/resourceVersion").asString();
        }
        plane.become(Units.with(plane.state(), unit(process("late", "sleep", "1"))));
        try (var watch = get(GROUP + "/processes?watch=1&resourceVersion=" + version)) {
            var added = next(watch);
            assertThat(brief(added)).isEqualTo("ADDED late");
            plane.become(Units.without(plane.state(), "late"));
            var deleted = next(watch);
            assertThat(brief(deleted)).isEqualTo("DELETED late");
            assertThat(deleted.at("/object/metadata/resourceVersion").asLong())
                    .isGreaterThan(added.at("/object/metadata/resourceVersion").asLong());
        }
    }

    @Test
    void oneNameByItsAddressOrByFieldSelector() throws Exception {
        for (String path : new String[] {
            "/processes/primary?watch=true", "/processes?watch=true&fieldSelector=metadata.name%3Dprimary"
        }) {
            try (var watch = get(GROUP + path)) {
                assertThat(brief(next(watch))).isEqualTo("ADDED primary");
                plane.become(crashed(7));
                plane.become(Units.without(plane.state(), "primary"));
                assertThat(brief(next(watch))).isEqualTo("DELETED primary");
                plane.become(Units.with(plane.state(), ready(endpoint("primary", 8000), 501)));
            }
        }
    }

    @Test
    void whatStopsMatchingIsDeletedAndWhatBeginsToIsAdded() throws Exception {
        String version;
        try (var list = get(GROUP + "/processes?labelSelector=tier%3Dhelper")) {
            version = list.json().at("/metadata/resourceVersion").asString();
        }
        plane.become(Units.with(plane.state(), unit(endpoint("web-ui", 8009))));
        try (var watch = get(GROUP + "/processes?watch=true&labelSelector=tier%3Dhelper&resourceVersion=" + version)) {
            assertThat(brief(next(watch))).isEqualTo("DELETED web-ui");
            plane.become(crashed(1));
            assertThat(brief(next(watch))).isEqualTo("ADDED web-ui");
        }
    }

    @Test
    void initialEventsEndWithABookmark() throws Exception {
        try (var watch = get(GROUP + "/endpoints?watch=true&sendInitialEvents=true&allowWatchBookmarks=true"
                + "&resourceVersionMatch=NotOlderThan")) {
            assertThat(brief(next(watch))).isEqualTo("ADDED primary");
            var bookmark = next(watch);
            assertThat(bookmark.get("type").asString()).isEqualTo("BOOKMARK");
            assertThat(bookmark.at("/object/kind").asString()).isEqualTo("Endpoint");
            assertThat(bookmark.get("object")
                            .get("metadata")
                            .get("annotations")
                            .get("k8s.io/initial-events-end")
                            .asString())
                    .isEqualTo("true");
        }
    }

    @Test
    void aForgottenVersionIsGone() throws Exception {
        try (var list = get(GROUP + "/processes")) {
            list.body();
        }
        for (int i = 6; i < 30; i++) {
            plane.become(crashed(i));
            try (var one = get(GROUP + "/processes/web-ui")) {
                one.body();
            }
        }
        for (String version : new String[] {"1000", "99999999"}) {
            try (var watch = get(GROUP + "/processes?watch=true&resourceVersion=" + version)) {
                var event = next(watch);
                assertThat(event.get("type").asString()).isEqualTo("ERROR");
                assertThat(event.at("/object/code").asInt()).isEqualTo(410);
                assertThat(event.at("/object/reason").asString()).isEqualTo("Expired");
                assertThat(watch.event()).isNull();
            }
        }
    }

    @Test
    void aWatchEndsInOrderWhenItsTimeIsUp() throws Exception {
        try (var watch = get(GROUP + "/endpoints?watch=true&timeoutSeconds=1")) {
            assertThat(brief(next(watch))).isEqualTo("ADDED primary");
            assertThat(watch.event()).isNull();
        }
    }

    @Test
    void aTableWatchNamesItsColumnsOnce() throws Exception {
        try (var watch = get(GROUP + "/processes?watch=true", "Accept: application/json;as=Table;v=v1;g=meta.k8s.io")) {
            var first = next(watch);
            assertThat(first.at("/object/kind").asString()).isEqualTo("Table");
            assertThat(first.at("/object/columnDefinitions").size()).isGreaterThan(4);
            assertThat(first.at("/object/rows/0/cells/0").asString()).isEqualTo("gateway");
            assertThat(next(watch).at("/object/columnDefinitions").size()).isZero();
        }
    }

    @Test
    void aRepeatedEventIsTheSameObjectModified() throws Exception {
        plane.event("web-ui", EmitEvent.Type.WARNING, "BackOff", "back-off 20s", Duration.ofSeconds(12), 1);
        try (var watch = get("/api/v1/namespaces/default/events?watch=true")) {
            var added = next(watch);
            plane.repeat();
            var modified = next(watch);
            assertThat(modified.get("type").asString()).isEqualTo("MODIFIED");
            assertThat(modified.at("/object/metadata/uid")).isEqualTo(added.at("/object/metadata/uid"));
            assertThat(modified.at("/object/count").asInt()).isEqualTo(2);
        }
    }

    @Test
    void whatNobodyCanSeeIsNoChange() throws Exception {
        try (var watch = get(GROUP + "/endpoints?watch=true")) {
            assertThat(brief(next(watch))).isEqualTo("ADDED primary");
            plane.become(Units.with(plane.state(), ready(endpoint("primary", 8000), 501)));
            plane.become(Units.with(plane.state(), ready(endpoint("primary", 8000), 777)));
            plane.become(Units.with(plane.state(), unit(endpoint("primary", 8000))));
            assertThat(next(watch).at("/object/status/ready").asBoolean()).isFalse();
        }
    }

    @Test
    void aClientThatGoesTakesItsListenerAlong() throws Exception {
        try (var watch = get(GROUP + "/processes?watch=true")) {
            next(watch);
            org.awaitility.Awaitility.await().until(() -> plane.listeners() == 1);
        }
        org.awaitility.Awaitility.await().until(() -> plane.listeners() == 0);
    }
}
