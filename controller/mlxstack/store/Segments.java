package mlxstack.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The journal's files: {@code <number>.jsonl}, the highest number being the latest. Stateless. */
final class Segments {

    private static final String SUFFIX = ".jsonl";

    private Segments() {}

    /** Oldest first. */
    static List<Path> in(Path dir) throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9]{8,18}\\.jsonl"))
                    .sorted(java.util.Comparator.comparingLong(Segments::number))
                    .toList();
        }
    }

    static Path next(Path dir) throws IOException {
        List<Path> all = in(dir);
        long number = all.isEmpty() ? 1 : number(all.getLast()) + 1;
        return dir.resolve(String.format("%08d", number) + SUFFIX);
    }

    private static long number(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }
}
