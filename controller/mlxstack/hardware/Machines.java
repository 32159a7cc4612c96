package mlxstack.hardware;

import io.vavr.control.Either;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import mlxstack.hardware.Hardware.Platform;
import mlxstack.spec.Suggestions;
import org.jspecify.annotations.Nullable;

/** Machines that can be planned for without being there, by id. Stateless. */
public final class Machines {

    private static final long GIB = 1L << 30;
    private static final Pattern ID =
            Pattern.compile("(m\\d+(?:-(?:pro|max|ultra))?)(?:-(\\d{1,3})c)?-(\\d{1,4})(?:g|gb|gib)?");
    private static final Pattern LINUX = Pattern.compile("linux-(\\d{1,4})(?:-(\\d{1,4})g)?");

    /** What people have; only for suggestions: any chip with any memory can be named. */
    private static final int[] SOLD = {8, 16, 18, 24, 32, 36, 48, 64, 96, 128, 192, 256, 512};

    private Machines() {}

    /**
     * The machine of an id: {@code m4-max-128}, {@code m4-max-32c-36} (GPU cores), {@code m1-8}, {@code linux-64} (no GPU),
     * {@code linux-64-24g} (with a graphics card of 24 GiB). Case, blanks and a leading {@code Apple} do not matter.
     *
     * @return the machine; or one line for the user, with the nearest id
     */
    public static Either<String, Hardware> named(String id) {
        var text = id.strip()
                .toLowerCase(Locale.ROOT)
                .replaceFirst("^apple[ -]", "")
                .replaceAll("[ _]+", "-");
        var apple = ID.matcher(text);
        if (apple.matches()) {
            long gib = Long.parseLong(apple.group(3));
            var cores = apple.group(2) == null ? null : Integer.valueOf(apple.group(2));
            var chip = chip(apple.group(1));
            if (chip.isPresent() && gib > 0) {
                return Either.right(mac(chip.get(), cores, gib * GIB, 0));
            }
        }
        var linux = LINUX.matcher(text);
        if (linux.matches() && Long.parseLong(linux.group(1)) > 0) {
            long card = linux.group(2) == null ? 0 : Long.parseLong(linux.group(2)) * GIB;
            return Either.right(linux(Long.parseLong(linux.group(1)) * GIB, card));
        }
        var near = Suggestions.nearest(text, examples());
        return Either.left(
                "no machine is called \"%s\"%s; expected chip and GiB of memory, as in m4-max-128, m4-max-32c-36"
                                .formatted(id, near == null ? "" : ", did you mean \"" + near + "\"?")
                        + " or linux-64, or a file that describes one");
    }

    /** One of each chip in each size, newest first, for completion and suggestions. */
    public static List<String> examples() {
        var all = new ArrayList<String>();
        for (var name : AppleChips.ALL.reversed().stream()
                .map(AppleChips.Chip::slug)
                .distinct()
                .toList()) {
            for (int gib : SOLD) {
                all.add(name + "-" + gib);
            }
        }
        all.addAll(List.of("linux-16", "linux-32", "linux-64", "linux-128"));
        return all;
    }

    private static Optional<String> chip(String slug) {
        return AppleChips.ALL.stream()
                .filter(chip -> chip.slug().equals(slug))
                .map(AppleChips.Chip::name)
                .findFirst();
    }

    /**
     * A Mac by what is known of it.
     *
     * @param chip as in {@code M4 Max}; may be one that is not in the table
     * @param wiredMib {@code iogpu.wired_limit_mb}; 0 when it was left alone
     */
    static Hardware mac(String chip, @Nullable Integer gpuCores, long memoryBytes, long wiredMib) {
        var known = AppleChips.of(chip, gpuCores);
        long gib = Math.round((double) memoryBytes / GIB);
        var widths = AppleChips.named(chip);
        boolean narrow = gpuCores != null
                && widths.size() > 1
                && known.isPresent()
                && !known.get().equals(widths.getLast());
        var slug = chip.toLowerCase(Locale.ROOT).replace(' ', '-');
        return new Hardware(
                slug + (narrow ? "-" + gpuCores + "c" : "") + "-" + gib,
                Platform.APPLE,
                "Apple " + chip,
                "",
                known.map(AppleChips.Chip::cpuCores).orElse(0),
                null,
                "Apple " + chip,
                gpuCores != null
                        ? gpuCores
                        : known.map(AppleChips.Chip::gpuCores).orElse(null),
                memoryBytes,
                WiredLimit.bytes(memoryBytes, wiredMib),
                known.map(AppleChips.Chip::bandwidth).orElseGet(() -> AppleChips.guess(chip, gib)),
                known.map(AppleChips.Chip::estimated).orElse(true));
    }

    private static Hardware linux(long memoryBytes, long cardBytes) {
        return other("Linux", cardBytes == 0 ? null : "graphics card", memoryBytes, cardBytes);
    }

    /** A machine that is no Mac. The speed of its memory is the card's, else guessed as two channels of DDR5. */
    static Hardware other(String chip, @Nullable String gpu, long memoryBytes, long cardBytes) {
        long card = Math.round((double) cardBytes / GIB);
        var known = gpu == null ? null : Cards.bandwidth(gpu);
        return new Hardware(
                "linux-" + Math.round((double) memoryBytes / GIB) + (card == 0 ? "" : "-" + card + "g"),
                Platform.LINUX,
                chip,
                "",
                0,
                null,
                gpu,
                null,
                memoryBytes,
                cardBytes,
                known != null ? known : cardBytes == 0 ? 50 : 400,
                known == null);
    }
}
