package mlxstack.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the GGUF file that a repository's name means among those that have been fetched: it is not fetched twice. Stateless. */
final class FetchedGguf {

    private static final String USUAL = "Q4_K_M";
    private static final Pattern PART = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");

    private FetchedGguf() {}

    /** @param model {@code org/name} or {@code org/name:QUANT}, as llama.cpp takes them */
    static Optional<Path> find(HubCache cache, String model) {
        int colon = model.indexOf(':');
        String repo = colon < 0 ? model : model.substring(0, colon);
        String quant = colon < 0 ? "" : model.substring(colon + 1);
        return cache.snapshot(repo).flatMap(snapshot -> {
            var models = models(snapshot);
            return quant.isEmpty() && models.size() == 1
                    ? Optional.of(models.getFirst())
                    : models.stream()
                            .filter(file -> of(file, quant.isEmpty() ? USUAL : quant))
                            .findFirst();
        });
    }

    /** Whole ones; of those in parts the first. */
    private static List<Path> models(Path snapshot) {
        try (var files = Files.walk(snapshot, 2)) {
            return files.filter(file -> {
                        String name = String.valueOf(file.getFileName());
                        return name.endsWith(".gguf")
                                && !name.contains("mmproj")
                                && !name.contains("imatrix")
                                && whole(file);
                    })
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    private static boolean of(Path file, String quant) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        String wanted = Pattern.quote(quant.toLowerCase(Locale.ROOT));
        return Pattern.compile("(^|[-._])" + wanted + "(?=[-.])").matcher(name).find() && !udOf(name, quant);
    }

    /** {@code UD-Q4_K_XL} is another quantization than {@code Q4_K_XL}. */
    private static boolean udOf(String name, String quant) {
        return name.contains("ud-" + quant.toLowerCase(Locale.ROOT));
    }

    /** Whether it can be read, and is the first of parts that are all there, or has no parts. */
    static boolean whole(Path file) {
        Matcher part = PART.matcher(String.valueOf(file.getFileName()));
        if (!part.matches()) {
            return Files.isRegularFile(file);
        }
        int parts = Integer.parseInt(part.group(3));
        for (int i = 1; i <= parts; i++) {
            String name = String.format(Locale.ROOT, "%s-%05d-of-%s.gguf", part.group(1), i, part.group(3));
            if (!Files.isRegularFile(file.resolveSibling(name))) {
                return false;
            }
        }
        return part.group(2).equals("00001");
    }
}
