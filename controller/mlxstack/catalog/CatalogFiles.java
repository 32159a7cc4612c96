package mlxstack.catalog;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mlxstack.spec.Problem;
import mlxstack.spec.YamlDocument;

/** Where models are described: files beside this class, named by a list, and the user's folder. Stateless. */
final class CatalogFiles {

    private static final String SCHEMA = "/schema/catalog.schema.json";

    private CatalogFiles() {}

    record Overlay(List<CatalogModel> models, Seq<Problem> problems) {}

    /** Names of our own files without their ending. */
    static List<String> names() {
        return text("models/index").lines().filter(line -> !line.isBlank()).toList();
    }

    static List<CatalogModel> packaged() {
        return names().stream().map(name -> packaged(name).orElseThrow()).toList();
    }

    /** One of ours, without reading the others; empty when there is none of that name. */
    static Optional<CatalogModel> packaged(String id) {
        var bytes = bytes("models/" + id + ".yaml");
        // Ours are checked against the schema by tests, not at every start.
        return bytes.map(found -> new ModelReader(
                        YamlDocument.unchecked(found, Path.of(id + ".yaml")).get(), true)
                .read());
    }

    /** Every {@code *.yaml} of the folder, in order of their names; a missing folder holds none. */
    static Overlay overlay(Path folder) {
        var models = new ArrayList<CatalogModel>();
        Seq<Problem> problems = Vector.empty();
        if (!Files.isDirectory(folder)) {
            return new Overlay(models, problems);
        }
        var document = new YamlDocument(SCHEMA);
        try (var files = Files.list(folder)) {
            for (var file : files.filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .sorted()
                    .toList()) {
                var read = document.parse(Files.readAllBytes(file), file);
                if (read.isValid()) {
                    models.add(new ModelReader(read.get(), false).read());
                } else {
                    problems = problems.appendAll(read.getError());
                }
            }
        } catch (IOException e) {
            problems = problems.append(new Problem(
                    folder.toString(),
                    1,
                    1,
                    "",
                    "cannot be read (%s); its models are left out".formatted(e.getMessage())));
        }
        return new Overlay(models, problems);
    }

    private static String text(String name) {
        return new String(
                bytes(name).orElseThrow(() -> new IllegalStateException("the jar has no catalog/" + name)),
                StandardCharsets.UTF_8);
    }

    static Optional<byte[]> bytes(String name) {
        try (var in = CatalogFiles.class.getResourceAsStream(name)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
