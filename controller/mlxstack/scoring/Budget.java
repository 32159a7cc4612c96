package mlxstack.scoring;

import mlxstack.hardware.Hardware;
import mlxstack.spec.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * What models may occupy together.
 *
 * @param bytes at the most
 * @param reason how it came about, for people
 */
public record Budget(long bytes, String reason) {

    private static final long GIB = 1L << 30;

    /**
     * All that the GPU can hold, as long as the rest of the system keeps an eighth of memory: at least 4 GiB, at most 16.
     * What the user says is taken as it is, but no more than the GPU can hold.
     *
     * @param wanted null when nothing is said; a percentage is one of all memory
     */
    public static Budget of(Hardware machine, @Nullable Quantity wanted) {
        long limit = machine.modelBytes();
        String holds = machine.gpuLimitBytes() > 0 ? "the GPU can hold " : "there are ";
        if (wanted != null) {
            long asked = switch (wanted) {
                case Quantity.Bytes bytes -> bytes.count();
                case Quantity.Percent percent -> Math.round(machine.memoryBytes() * percent.share() / 100);
            };
            return asked <= limit
                    ? new Budget(asked, "as asked for; " + holds + Amounts.bytes(limit))
                    : new Budget(
                            limit,
                            "%s were asked for; %s%s".formatted(Amounts.bytes(asked), holds, Amounts.bytes(limit)));
        }
        boolean shared = machine.apple() || machine.gpuLimitBytes() == 0;
        if (!shared) {
            return new Budget(limit - GIB / 2, "the memory of the graphics card, less 512Mi for the screen");
        }
        long system = Math.clamp(machine.memoryBytes() / 8, 4 * GIB, 16 * GIB);
        long left = Math.max(0, machine.memoryBytes() - system);
        return limit <= left
                ? new Budget(
                        limit,
                        "what the GPU can hold; %s of %s stay for everything else"
                                .formatted(
                                        Amounts.bytes(machine.memoryBytes() - limit),
                                        Amounts.bytes(machine.memoryBytes())))
                : new Budget(
                        left,
                        "%s of %s stay for everything else"
                                .formatted(Amounts.bytes(system), Amounts.bytes(machine.memoryBytes())));
    }
}
