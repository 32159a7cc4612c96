package mlxstack.hardware;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Apple's chips for the Mac and how fast their memory is, as published. Stateless. */
final class AppleChips {

    private AppleChips() {}

    /**
     * @param name without {@code Apple}, as in {@code M4 Max}
     * @param gpuCores the most a chip of this width has; ascending within one name
     * @param bandwidth GB/s
     * @param estimated whether the figure is not one we found published
     * @param cpuCores the most of them
     */
    record Chip(String name, int gpuCores, double bandwidth, boolean estimated, int cpuCores) {

        /** As in {@code m4-max}. */
        String slug() {
            return name.toLowerCase(Locale.ROOT).replace(' ', '-');
        }
    }

    static final List<Chip> ALL = List.of(
            new Chip("M1", 8, 68.25, false, 8),
            new Chip("M1 Pro", 16, 200, false, 10),
            new Chip("M1 Max", 32, 400, false, 10),
            new Chip("M1 Ultra", 64, 800, false, 20),
            new Chip("M2", 10, 100, false, 8),
            new Chip("M2 Pro", 19, 200, false, 12),
            new Chip("M2 Max", 38, 400, false, 12),
            new Chip("M2 Ultra", 76, 800, false, 24),
            new Chip("M3", 10, 100, false, 8),
            new Chip("M3 Pro", 18, 150, false, 12),
            new Chip("M3 Max", 30, 300, false, 14),
            new Chip("M3 Max", 40, 400, false, 16),
            new Chip("M3 Ultra", 80, 819, false, 32),
            new Chip("M4", 10, 120, false, 10),
            new Chip("M4 Pro", 20, 273, false, 14),
            new Chip("M4 Max", 32, 410, false, 14),
            new Chip("M4 Max", 40, 546, false, 16),
            new Chip("M5", 10, 153, false, 10),
            new Chip("M5 Pro", 20, 307, false, 18),
            new Chip("M5 Max", 32, 460, false, 18),
            new Chip("M5 Max", 40, 614, false, 18));

    private static final Pattern BRAND = Pattern.compile("(?:Apple )?(M\\d+(?: (?:Pro|Max|Ultra))?)\\b.*");

    /** The name of the chip in what {@code machdep.cpu.brand_string} says; empty for anything but Apple Silicon. */
    static Optional<String> name(String brand) {
        var matcher = BRAND.matcher(brand.strip());
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** The widths a chip is made in, narrowest first; empty when there is no such chip in the table. */
    static List<Chip> named(String name) {
        return ALL.stream().filter(chip -> chip.name().equalsIgnoreCase(name)).toList();
    }

    /**
     * The chip of that name with that many GPU cores. Of those made in two widths the wider one, when the cores are not
     * known: that is what large memories come with.
     */
    static Optional<Chip> of(String name, @Nullable Integer gpuCores) {
        var widths = named(name);
        if (gpuCores != null) {
            for (var chip : widths) {
                if (gpuCores <= chip.gpuCores()) {
                    return Optional.of(chip);
                }
            }
        }
        return widths.isEmpty() ? Optional.empty() : Optional.of(widths.getLast());
    }

    /** A guess from the size of a machine with a chip that is not in the table, GB/s. */
    static double guess(String name, long memoryGib) {
        if (name.endsWith("Ultra")) {
            return 800;
        } else if (name.endsWith("Max")) {
            return 546;
        } else if (name.endsWith("Pro")) {
            return 273;
        }
        return memoryGib <= 32 ? 150 : memoryGib <= 64 ? 273 : memoryGib <= 128 ? 546 : 800;
    }
}
