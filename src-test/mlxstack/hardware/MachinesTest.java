package mlxstack.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachinesTest {

    private static final Detector LINUX = new LinuxDetector(_ -> java.util.Optional.empty(), Path.of("/nowhere"));

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            m1-8                | m1-8             | Apple M1       | 8  | 68.25 | 8
            m4-pro-48           | m4-pro-48        | Apple M4 Pro   | 20 | 273   | 48
            m4-max-128          | m4-max-128       | Apple M4 Max   | 40 | 546   | 128
            m4-max-40c-128      | m4-max-128       | Apple M4 Max   | 40 | 546   | 128
            m4-max-32c-36       | m4-max-32c-36    | Apple M4 Max   | 32 | 410   | 36
            m3-max-30c-96gb     | m3-max-30c-96    | Apple M3 Max   | 30 | 300   | 96
            Apple M3 Ultra 512  | m3-ultra-512     | Apple M3 Ultra | 80 | 819   | 512
            m5-16               | m5-16            | Apple M5       | 10 | 153   | 16
            m5-max-128          | m5-max-128       | Apple M5 Max   | 40 | 614   | 128
            """)
    void anIdSaysChipGpuCoresAndMemory(String text, String id, String chip, int gpu, double bandwidth, long gib) {
        var machine = Machines.named(text).get();

        assertThat(machine.id()).isEqualTo(id);
        assertThat(machine.chip()).isEqualTo(chip);
        assertThat(machine.gpuCores()).isEqualTo(gpu);
        assertThat(machine.bandwidth()).isEqualTo(bandwidth);
        assertThat(machine.bandwidthEstimated()).isFalse();
        assertThat(machine.memoryBytes()).isEqualTo(gib << 30);
    }

    @ParameterizedTest
    @CsvSource({"8, 5461", "36, 24576", "48, 36864", "128, 98304"})
    void twoThirdsOfSmallMemoriesAndThreeQuartersOfLargeOnesAreForTheGpu(long gib, long limitMib) {
        assertThat(WiredLimit.bytes(gib << 30, 0) >> 20).isEqualTo(limitMib);
        assertThat(WiredLimit.bytes(gib << 30, 6000) >> 20).isEqualTo(6000);
        assertThat(WiredLimit.bytes(gib << 30, 900_000)).isEqualTo(gib << 30);
    }

    @ParameterizedTest
    @CsvSource({
        "m4-mux-128, m4-max-128",
        "m4max-128, m4-max-128",
        "m9-max-128, m5-max-128",
        "linus-64, linux-64",
    })
    void anUnknownIdIsToldWithTheNearestOne(String id, String nearest) {
        assertThat(Machines.named(id).getLeft())
                .contains("\"" + id + "\"")
                .contains("did you mean \"" + nearest + "\"?");
    }

    @Test
    void aFileMayDescribeWhatNoIdCanSay() throws IOException {
        var file = Files.writeString(folder.resolve("box.yaml"), """
                chip: AMD Ryzen 9 7950X
                memory: 64Gi
                gpu: NVIDIA GeForce RTX 4090
                gpuMemory: 24Gi
                bandwidth: 1008
                """);
        var machine = HardwareChoice.of("box.yaml", Map.of(), folder, LINUX).get();

        assertThat(machine.id()).isEqualTo("linux-64-24g");
        assertThat(machine.modelBytes()).isEqualTo(24L << 30);
        assertThat(machine.bandwidthEstimated()).isFalse();

        Files.writeString(file, "chip: Apple M4 Max\nmemory: 128 GB\nbandwith: 3\n");
        assertThat(HardwareChoice.of("box.yaml", Map.of(), folder, LINUX).getLeft())
                .contains("box.yaml:2:9: memory: found \"128 GB\"; expected an amount of memory such as 128Gi")
                .contains("box.yaml:3:1: bandwith: unknown field \"bandwith\"; did you mean \"bandwidth\"?");
    }

    @Test
    void theOptionGoesBeforeTheVariableAndThatBeforeThisMachine() {
        var environment = Map.of(HardwareChoice.VARIABLE, "m1-8");
        var here = LINUX;

        assertThat(HardwareChoice.of("m2-16", environment, folder, here).get().id())
                .isEqualTo("m2-16");
        assertThat(HardwareChoice.of(null, environment, folder, here).get().id())
                .isEqualTo("m1-8");
        assertThat(HardwareChoice.of(null, Map.of(), folder, here).get()).isEqualTo(here.hardware());
        assertThat(HardwareChoice.of("nowhere/x.yaml", environment, folder, here)
                        .getLeft())
                .contains("cannot be read");
    }
}
