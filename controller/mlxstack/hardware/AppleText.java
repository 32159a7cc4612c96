package mlxstack.hardware;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import mlxstack.hardware.Load.Pressure;
import org.jspecify.annotations.Nullable;

/** What macOS prints about itself. Pure. */
final class AppleText {

    private static final Pattern PROFILER =
            Pattern.compile("\"sppci_cores\"\\s*:\\s*\"?(\\d+)|Total Number of Cores: (\\d+)");
    private static final Pattern IOREG = Pattern.compile("\"gpu-core-count\"\\s*=\\s*(\\d+)");
    private static final Pattern PAGE_SIZE = Pattern.compile("page size of (\\d+)");
    private static final Pattern FREE_SHARE = Pattern.compile("System-wide memory free percentage: (\\d+)%");
    private static final int WARNING = 2;
    private static final int CRITICAL = 4;

    private AppleText() {}

    /** The lines {@code name: value} of {@code sysctl}; names it does not know are not among them. */
    static Map<String, String> sysctl(String text) {
        var values = new HashMap<String, String>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(": ");
            if (colon > 0) {
                values.put(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 2).strip());
            }
        });
        return values;
    }

    static @Nullable Long number(@Nullable String text) {
        return text != null && text.matches("\\d{1,18}") ? (Long) Long.parseLong(text) : null;
    }

    /** Of {@code system_profiler SPDisplaysDataType}, as JSON or text; or of {@code ioreg -c AGXAccelerator}. */
    static @Nullable Integer gpuCores(String text) {
        for (var pattern : new Pattern[] {PROFILER, IOREG}) {
            var matcher = pattern.matcher(text);
            if (matcher.find()) {
                var digits = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
                return digits.length() > 4 ? null : (Integer) Integer.parseInt(digits);
            }
        }
        return null;
    }

    /** As in {@code macOS 15.5 (24F74)}, of {@code sw_vers}. */
    static String system(String text) {
        var values = new HashMap<String, String>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                values.put(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip());
            }
        });
        var version = values.getOrDefault("ProductVersion", "");
        var build = values.getOrDefault("BuildVersion", "");
        return values.getOrDefault("ProductName", "macOS")
                + (version.isEmpty() ? "" : " " + version)
                + (build.isEmpty() ? "" : " (" + build + ")");
    }

    /**
     * What could be given to new processes without compressing anything: free, speculative, purgeable and inactive pages.
     *
     * @param vmStat printed by {@code vm_stat}
     * @return bytes; null when it cannot be made out
     */
    static @Nullable Long freeBytes(String vmStat) {
        var size = PAGE_SIZE.matcher(vmStat);
        var pages = sysctl(vmStat);
        var free = pages(pages, "Pages free");
        if (!size.find() || free == null) {
            return null;
        }
        long sum = free;
        for (var name : new String[] {"Pages inactive", "Pages speculative", "Pages purgeable"}) {
            var more = pages(pages, name);
            sum += more == null ? 0 : more;
        }
        return sum * Long.parseLong(size.group(1));
    }

    private static @Nullable Long pages(Map<String, String> lines, String name) {
        return number(lines.getOrDefault(name, "").replace(",", "").replace(".", ""));
    }

    /** The same by {@code memory_pressure -Q}, which tells a share of all memory; counts what could be compressed as well. */
    static @Nullable Long freeBytes(String memoryPressure, long memoryBytes) {
        var matcher = FREE_SHARE.matcher(memoryPressure);
        return matcher.find() ? (Long) (memoryBytes / 100 * Long.parseLong(matcher.group(1))) : null;
    }

    /** Of {@code kern.memorystatus_vm_pressure_level}. */
    static Pressure pressure(@Nullable Long level) {
        if (level == null) {
            return Pressure.UNKNOWN;
        }
        return level >= CRITICAL ? Pressure.CRITICAL : level >= WARNING ? Pressure.WARNING : Pressure.NORMAL;
    }
}
