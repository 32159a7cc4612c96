package mlxstack.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import mlxstack.reconcile.UnitRecord;
import mlxstack.store.Home;
import mlxstack.store.Json;
import mlxstack.store.StateFiles;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a daemon that has ended has written down, read and changed as if things had gone another way. */
final class Notes {

    private final StateFiles files;
    private final Json json = new Json();
    private final List<UnitRecord> units;

    Notes(Home home) {
        try {
            files = new StateFiles(home, json, new Random(7));
            units = files.load().units();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    UnitRecord of(String name) {
        return units.stream().filter(u -> u.name().equals(name)).findFirst().orElseThrow();
    }

    void change(String name, Consumer<ObjectNode> change) {
        var tree = (ObjectNode) JsonMapper.shared().readTree(json.bytes(of(name)));
        change.accept(tree);
        var changed = json.read(JsonMapper.shared().writeValueAsBytes(tree), UnitRecord.class);
        assertThat(changed.isRight()).as(changed::toString).isTrue();
        assertThat(files.persist(changed.get(), true).isRight()).isTrue();
    }
}
