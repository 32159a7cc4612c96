package mlxstack.hardware;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import mlxstack.hardware.Hardware.Platform;
import org.jspecify.annotations.Nullable;

/**
 * Asks Linux. Has no state.
 *
 * @param root where its files begin
 */
record LinuxDetector(Commands commands, Path root) implements Detector {

    @Override
    public Hardware hardware() {
        var cpuinfo = file("proc/cpuinfo");
        long memory = memory();
        var chip = LinuxText.chip(cpuinfo);
        if (chip.isEmpty()) {
            chip = file("proc/device-tree/model").replace("\0", "").strip();
        }
        var cards = LinuxText.cards(
                commands.text("nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"));
        // A card that tells no memory of its own shares the machine's.
        long card = cards == null ? 0 : cards.memoryBytes() > 0 ? cards.memoryBytes() : memory;
        var base = Machines.other(
                chip.isEmpty() ? System.getProperty("os.arch", "Linux") : chip,
                cards == null ? null : cards.name(),
                memory,
                card);
        return base.as(
                base.id(),
                Platform.LINUX,
                LinuxText.system(file("etc/os-release"), file("proc/sys/kernel/osrelease")),
                LinuxText.cores(cpuinfo));
    }

    @Override
    public Load load() {
        var free = LinuxText.memory(file("proc/meminfo"), "MemAvailable");
        var limit = limit("memory.max", "memory.limit_in_bytes");
        var used = limit == null ? null : limit("memory.current", "memory.usage_in_bytes");
        if (free != null && limit != null && used != null) {
            free = Math.min(free, Math.max(0, limit - used));
        }
        return new Load(free, LinuxText.pressure(file("proc/pressure/memory")));
    }

    private long memory() {
        var total = LinuxText.memory(file("proc/meminfo"), "MemTotal");
        var limit = limit("memory.max", "memory.limit_in_bytes");
        long all = total == null ? 0 : total;
        return limit == null ? all : all == 0 ? limit : Math.min(all, limit);
    }

    /** The least number along our control groups up to the root, in the tree of version 2 or the one of memory of version 1. */
    private @Nullable Long limit(String second, String first) {
        var groups = file("proc/self/cgroup");
        var least = least(root.resolve("sys/fs/cgroup"), LinuxText.group(groups, true), second);
        var older = least(root.resolve("sys/fs/cgroup/memory"), LinuxText.group(groups, false), first);
        return least == null ? older : older == null ? least : (Long) Math.min(least, older);
    }

    private static @Nullable Long least(Path tree, String group, String name) {
        Long least = null;
        try {
            // A container sees its own group as the root, whatever its path is outside.
            for (var at = tree.resolve(group.replaceFirst("^/+", "")).normalize();
                    at != null && at.startsWith(tree);
                    at = at.getParent()) {
                var found = LinuxText.limit(text(at.resolve(name)));
                if (found != null) {
                    least = least == null ? found : (Long) Math.min(least, found);
                }
            }
        } catch (InvalidPathException e) {
            return null;
        }
        return least;
    }

    private String file(String name) {
        return text(root.resolve(name));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
