package mlxstack.hardware;

import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import mlxstack.hardware.Load.Pressure;
import org.jspecify.annotations.Nullable;

/** What Linux tells about itself in files, and the driver of NVIDIA's cards in a table. Pure. */
final class LinuxText {

    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;

    /** A share of the last ten seconds in which somebody waited for memory. */
    private static final double MUCH = 10;

    private static final Pattern AVERAGE = Pattern.compile("^(some|full) avg10=([0-9.]+)", Pattern.MULTILINE);

    private LinuxText() {}

    /** Of {@code /proc/meminfo}, bytes; null when there is no such line. */
    static @Nullable Long memory(String meminfo, String name) {
        var matcher = Pattern.compile("^" + name + ":\\s+(\\d{1,15}) kB", Pattern.MULTILINE)
                .matcher(meminfo);
        return matcher.find() ? (Long) (Long.parseLong(matcher.group(1)) * KIB) : null;
    }

    /** The name of the processor in {@code /proc/cpuinfo}; empty where it tells none, as on most ARM machines. */
    static String chip(String cpuinfo) {
        for (var name : List.of("model name", "Model", "Hardware", "cpu model")) {
            var found = value(cpuinfo, name);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return "";
    }

    /** Physical cores: threads of one core count once. 0 when they cannot be made out. */
    static int cores(String cpuinfo) {
        var cores = new HashSet<String>();
        int processors = 0;
        for (var block : cpuinfo.split("\n\\s*\n")) {
            if (!value(block, "processor").isEmpty()) {
                processors++;
                var core = value(block, "core id");
                cores.add(core.isEmpty() ? "p" + processors : value(block, "physical id") + "/" + core);
            }
        }
        return cores.size();
    }

    private static String value(String text, String name) {
        var matcher = Pattern.compile("^" + name + "[ \\t]*:[ \\t]*(.+)$", Pattern.MULTILINE)
                .matcher(text);
        return matcher.find() ? matcher.group(1).strip() : "";
    }

    /** The system's name in {@code os-release} with the kernel's version: {@code Debian GNU/Linux 12 (bookworm), Linux 6.1}. */
    static String system(String osRelease, String kernel) {
        var name =
                Pattern.compile("^PRETTY_NAME=\"?([^\"\n]+)", Pattern.MULTILINE).matcher(osRelease);
        var linux = "Linux" + (kernel.isBlank() ? "" : " " + kernel.strip());
        return name.find() ? name.group(1).strip() + ", " + linux : linux;
    }

    /** Where the limits of a process lie, by {@code /proc/self/cgroup}: the path in the one tree of version 2 or of its memory. */
    static String group(String cgroup, boolean second) {
        var prefix = second ? "0::" : ":memory:";
        return cgroup.lines()
                .filter(line -> second ? line.startsWith(prefix) : line.contains(prefix))
                .map(line -> line.substring(line.indexOf(prefix) + prefix.length()))
                .findFirst()
                .orElse("/");
    }

    /** A limit in a file of a control group; null for none: {@code max}, or more than any machine has. */
    static @Nullable Long limit(String text) {
        var number = text.strip();
        return number.matches("\\d{1,15}") ? (Long) Long.parseLong(number) : null;
    }

    /** Of {@code /proc/pressure/memory}. */
    static Pressure pressure(String text) {
        var matcher = AVERAGE.matcher(text);
        var pressure = Pressure.UNKNOWN;
        while (matcher.find()) {
            boolean much = Double.parseDouble(matcher.group(2)) > MUCH;
            boolean all = matcher.group(1).equals("full");
            if (pressure == Pressure.UNKNOWN) {
                pressure = Pressure.NORMAL;
            }
            if (much) {
                pressure = all ? Pressure.CRITICAL : pressure == Pressure.CRITICAL ? pressure : Pressure.WARNING;
            }
        }
        return pressure;
    }

    /**
     * Graphics cards.
     *
     * @param name of one, several of a kind counted
     * @param memoryBytes of all together; 0 when the driver tells none, as for those that share the machine's
     */
    record Cards(String name, long memoryBytes) {}

    /** Of {@code nvidia-smi --query-gpu=name,memory.total --format=csv,noheader,nounits}; null without a card. */
    static @Nullable Cards cards(String csv) {
        var lines = csv.lines().filter(line -> line.matches(".+,.+")).toList();
        if (lines.isEmpty()) {
            return null;
        }
        long memory = 0;
        for (var line : lines) {
            var mib = line.substring(line.lastIndexOf(',') + 1).strip();
            memory += mib.matches("\\d{1,9}") ? Long.parseLong(mib) * MIB : 0;
        }
        var name =
                lines.getFirst().substring(0, lines.getFirst().lastIndexOf(',')).strip();
        return new Cards(lines.size() == 1 ? name : lines.size() + " × " + name, memory);
    }
}
