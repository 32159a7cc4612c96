package mlxstack.pull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Our note about one commit of one model: all its files as the hub described them, and which of them are here, whole and
 * checked. It is written last, in one piece: what it does not name is not finished.
 *
 * @param revision as it was asked for when this was written last
 * @param checked paths
 */
record Manifest(Listing listing, String revision, Set<String> checked) {

    private static final int VERSION = 1;

    Manifest {
        checked = Set.copyOf(checked);
    }

    /** Null when there is none that can be read. */
    static @Nullable Manifest read(CacheFolder folder, String commit) {
        try {
            var json =
                    JsonMapper.shared().readTree(Files.readString(folder.notes().resolve(commit + ".json")));
            if (json.path("version").asInt(0) != VERSION) {
                return null;
            }
            var checked = new TreeSet<String>();
            json.path("checked").forEach(path -> checked.add(path.asString("")));
            return new Manifest(
                    new Listing(folder.repo(), commit, Listing.read(json.path("files"))),
                    json.path("revision").asString(""),
                    checked);
        } catch (IOException | JacksonException e) {
            return null;
        }
    }

    /** What is known of all files of a commit without asking a hub: from our note or the libraries'; null if nothing. */
    static @Nullable Listing listing(CacheFolder folder, String commit) {
        var ours = read(folder, commit);
        if (ours != null) {
            return ours.listing();
        }
        try {
            var file = folder.root().resolve("trees").resolve(commit + ".json");
            return Listing.ofTree(folder.repo(), commit, JsonMapper.shared().readTree(Files.readString(file)));
        } catch (IOException | JacksonException e) {
            return null;
        }
    }

    /** Adds what another pull of other files of the same commit has noted. The caller holds the model's lock. */
    void write(CacheFolder folder) throws IOException {
        var before = read(folder, listing.commit());
        var all = new TreeSet<>(checked);
        if (before != null) {
            all.addAll(before.checked());
        }
        var json = JsonMapper.shared().createObjectNode();
        json.put("version", VERSION)
                .put("repo", listing.repo())
                .put("commit", listing.commit())
                .put("revision", revision);
        listing.write(json.putArray("files"));
        var array = json.putArray("checked");
        all.forEach(array::add);
        Files.createDirectories(folder.notes());
        CacheFolder.replace(
                folder.notes().resolve(listing.commit() + ".json"),
                json.toPrettyString().getBytes(StandardCharsets.UTF_8));
    }
}
