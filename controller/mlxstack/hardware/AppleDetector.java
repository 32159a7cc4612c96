package mlxstack.hardware;

import java.util.Map;
import mlxstack.hardware.Hardware.Platform;
import org.jspecify.annotations.Nullable;

/** Asks macOS. Has no state. */
record AppleDetector(Commands commands) implements Detector {

    private static final String LEVEL = "kern.memorystatus_vm_pressure_level";
    private static final String SYSCTL = "/usr/sbin/sysctl";

    @Override
    public Hardware hardware() {
        var values = AppleText.sysctl(commands.text(
                SYSCTL,
                "machdep.cpu.brand_string",
                "hw.memsize",
                "hw.ncpu",
                "hw.physicalcpu",
                "hw.perflevel0.physicalcpu",
                "iogpu.wired_limit_mb"));
        var brand = values.getOrDefault("machdep.cpu.brand_string", "");
        long memory = value(values, "hw.memsize");
        var system = AppleText.system(commands.text("/usr/bin/sw_vers"));
        int cores = (int)
                (value(values, "hw.physicalcpu") > 0 ? value(values, "hw.physicalcpu") : value(values, "hw.ncpu"));
        var chip = AppleChips.name(brand);
        if (chip.isEmpty()) {
            return Machines.other(brand.isEmpty() ? "Mac" : brand, null, memory, 0)
                    .as("mac-" + Math.round((double) memory / (1L << 30)), Platform.OTHER, system, cores);
        }
        var mac = Machines.mac(chip.get(), gpuCores(), memory, value(values, "iogpu.wired_limit_mb"));
        long fast = value(values, "hw.perflevel0.physicalcpu");
        return new Hardware(
                mac.id(),
                Platform.APPLE,
                mac.chip(),
                system,
                cores > 0 ? cores : mac.cpuCores(),
                fast > 0 ? (Integer) (int) fast : null,
                mac.gpu(),
                mac.gpuCores(),
                memory,
                mac.gpuLimitBytes(),
                mac.bandwidth(),
                mac.bandwidthEstimated());
    }

    /** The profiler is what people know, and slow at times; the registry answers when it does not. */
    private @Nullable Integer gpuCores() {
        var cores = AppleText.gpuCores(commands.text("/usr/sbin/system_profiler", "SPDisplaysDataType", "-json"));
        return cores != null
                ? cores
                : AppleText.gpuCores(commands.text("/usr/sbin/ioreg", "-r", "-d", "1", "-c", "AGXAccelerator"));
    }

    @Override
    public Load load() {
        var values = AppleText.sysctl(commands.text(SYSCTL, LEVEL, "hw.memsize"));
        var free = AppleText.freeBytes(commands.text("/usr/bin/vm_stat"));
        return new Load(
                free != null
                        ? free
                        : AppleText.freeBytes(
                                commands.text("/usr/bin/memory_pressure", "-Q"), value(values, "hw.memsize")),
                AppleText.pressure(AppleText.number(values.get(LEVEL))));
    }

    private static long value(Map<String, String> values, String name) {
        var number = AppleText.number(values.get(name));
        return number == null ? 0 : number;
    }
}
