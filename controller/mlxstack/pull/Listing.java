package mlxstack.pull;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * All files of a model at one commit.
 *
 * @param commit what a branch or tag meant when it was asked for: 40 hexadecimal digits at Hugging Face
 */
public record Listing(String repo, String commit, List<RemoteFile> files) {

    public Listing {
        files = List.copyOf(files);
    }

    @Nullable
    RemoteFile file(String path) {
        return files.stream().filter(f -> f.path().equals(path)).findFirst().orElse(null);
    }

    /** From the answer of {@code /api/models/…?blobs=true}; null when that is no such answer. */
    static @Nullable Listing ofHub(String repo, JsonNode answer) {
        String commit = answer.path("sha").asString("");
        if (!commit.matches("[0-9A-Za-z]{4,64}") || !answer.path("siblings").isArray()) {
            return null;
        }
        var files = new ArrayList<RemoteFile>();
        for (JsonNode each : answer.path("siblings")) {
            var lfs = each.path("lfs");
            String sha256 = lfs.path("sha256").asString(lfs.path("oid").asString(""));
            String blob = each.path("blobId").asString("");
            files.add(new RemoteFile(
                    each.path("rfilename").asString(""),
                    lfs.path("size").asLong(each.path("size").asLong(-1)),
                    Checksum.named(sha256.isEmpty() ? blob : sha256)));
        }
        return new Listing(repo, commit, files);
    }

    /** As the newer Hugging Face libraries keep it in {@code trees/COMMIT.json}; null when it is not of that kind. */
    static @Nullable Listing ofTree(String repo, String commit, JsonNode tree) {
        if (tree.path("format_version").asInt(0) != 1 || !tree.path("files").isObject()) {
            return null;
        }
        var files = new ArrayList<RemoteFile>();
        for (var each : tree.path("files").properties()) {
            var entry = each.getValue();
            String sha256 = entry.path("lfs_sha256").asString("");
            files.add(new RemoteFile(
                    each.getKey(),
                    entry.path("lfs_size").asLong(entry.path("size").asLong(-1)),
                    Checksum.named(sha256.isEmpty() ? entry.path("blob_id").asString("") : sha256)));
        }
        return new Listing(repo, commit, files);
    }

    static List<RemoteFile> read(JsonNode array) {
        var files = new ArrayList<RemoteFile>();
        for (JsonNode each : array) {
            files.add(new RemoteFile(
                    each.path("path").asString(""),
                    each.path("size").asLong(-1),
                    Checksum.named(each.path("blob").asString(""))));
        }
        return files;
    }

    void write(ArrayNode array) {
        for (var file : files) {
            array.addObject()
                    .put("path", file.path())
                    .put("size", file.size())
                    .put("blob", file.checksum().text());
        }
    }
}
