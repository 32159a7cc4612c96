package mlxstack.hardware;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A machine, as far as it matters to models. Nothing in it changes while the machine runs; see {@link Load} for what does.
 *
 * @param id as in {@code m4-max-128} or {@code linux-64}: chip, GPU cores where they make two widths of memory bus, GiB.
 *     Measured speeds are kept under it
 * @param chip as the system names it: {@code Apple M4 Max}, {@code AMD Ryzen 9 7950X}
 * @param system name and version of the operating system, as in {@code macOS 15.5}; empty for a machine planned for
 * @param cpuCores physical ones where the system tells them, else those it schedules on; 0 when unknown
 * @param performanceCores the fast ones of them; null where all are alike or it is unknown
 * @param gpu as the driver names it; null without one that we know of
 * @param gpuCores null when unknown
 * @param memoryBytes what processes can have: of a container, its limit
 * @param gpuLimitBytes how much of it the GPU can hold: on Apple Silicon the wired limit of Metal, else the memory of the
 *     graphics card; 0 without a GPU
 * @param bandwidth of the memory models are read from, GB/s (10^9); 0 when unknown
 * @param bandwidthEstimated whether that is a guess from the size of the machine or from an unconfirmed figure
 */
public record Hardware(
        String id,
        Platform platform,
        String chip,
        String system,
        int cpuCores,
        @Nullable Integer performanceCores,
        @Nullable String gpu,
        @Nullable Integer gpuCores,
        long memoryBytes,
        long gpuLimitBytes,
        double bandwidth,
        boolean bandwidthEstimated) {

    public enum Platform {
        /** Memory is shared by CPU and GPU. */
        APPLE,
        LINUX,
        /** Known by little more than its memory. */
        OTHER
    }

    private static final double GIB = 1L << 30;

    /** What models can occupy at the most, bytes: the GPU's share on a Mac, the card's memory, else all memory. */
    public long modelBytes() {
        return gpuLimitBytes > 0 ? gpuLimitBytes : memoryBytes;
    }

    /** GiB, as machines are sold. */
    public long memoryGib() {
        return Math.round(memoryBytes / GIB);
    }

    public boolean apple() {
        return platform == Platform.APPLE;
    }

    /** The same with what only the machine itself can tell. */
    Hardware as(String newId, Platform on, String runs, int cores) {
        return new Hardware(
                newId,
                on,
                chip,
                runs,
                cores,
                performanceCores,
                gpu,
                gpuCores,
                memoryBytes,
                gpuLimitBytes,
                bandwidth,
                bandwidthEstimated);
    }

    /** As in {@code Apple M4 Max, 40 GPU cores, 128 GiB, 546 GB/s}; an estimate is marked by {@code ~}. */
    public String summary() {
        var text = new StringBuilder(chip);
        if (gpuCores != null) {
            text.append(", ").append(gpuCores).append(" GPU cores");
        } else if (gpu != null && !gpu.equals(chip)) {
            text.append(", ").append(gpu);
        }
        text.append(", ").append(memoryGib()).append(" GiB");
        if (bandwidth > 0) {
            text.append(", ")
                    .append(bandwidthEstimated ? "~" : "")
                    .append(String.format(Locale.ROOT, bandwidth % 1 == 0 ? "%.0f" : "%.2f", bandwidth))
                    .append(" GB/s");
        }
        return text.toString();
    }
}
