package mlxstack.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import mlxstack.hardware.Hardware.Platform;
import mlxstack.hardware.Load.Pressure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AppleDetectorTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            m4-pro-48 | m4-pro-48     | Apple M4 Pro | macOS 15.7.9 (24G1010) | 14 | 10 | 20 | 273   | 36864
            m1-16     | m1-16         | Apple M1     | macOS 12.6 (21G115)    | 8  | 4  | 7  | 68.25 | 10922
            m3-max-36 | m3-max-30c-36 | Apple M3 Max | macOS 14.5 (23F79)     | 14 | 10 | 30 | 300   | 30000
            """)
    void aMacIsKnownByWhatItPrints(
            String recorded,
            String id,
            String chip,
            String system,
            int cpu,
            int fast,
            int gpu,
            double bandwidth,
            long wiredMib)
            throws IOException {
        var mac = new AppleDetector(Recorded.of(recorded)).hardware();

        assertThat(mac.id()).isEqualTo(id);
        assertThat(mac.platform()).isEqualTo(Platform.APPLE);
        assertThat(mac.chip()).isEqualTo(chip);
        assertThat(mac.system()).isEqualTo(system);
        assertThat(mac.cpuCores()).isEqualTo(cpu);
        assertThat(mac.performanceCores()).isEqualTo(fast);
        assertThat(mac.gpuCores()).isEqualTo(gpu);
        assertThat(mac.bandwidth()).isEqualTo(bandwidth);
        assertThat(mac.bandwidthEstimated()).isFalse();
        assertThat(mac.modelBytes() >> 20).isEqualTo(wiredMib);
    }

    @Test
    void freeMemoryIsWhatNeedNotBeCompressedAndPressureIsTheKernels() throws IOException {
        var load = new AppleDetector(Recorded.of("m1-16")).load();

        assertThat(load.freeBytes()).isEqualTo((4518L + 191193 + 3014 + 630) * 16384);
        assertThat(load.pressure()).isEqualTo(Pressure.WARNING);
    }

    @Test
    void memoryPressureTellsWhenVmStatDoesNot() throws IOException {
        var load = new AppleDetector(Recorded.of("m3-max-36")).load();

        assertThat(load.freeBytes()).isEqualTo(38654705664L / 100 * 64);
        assertThat(load.pressure()).isEqualTo(Pressure.NORMAL);
    }

    @ParameterizedTest
    @CsvSource({"1, NORMAL", "2, WARNING", "4, CRITICAL"})
    void levelsOfPressure(long level, Pressure pressure) {
        assertThat(AppleText.pressure(level)).isEqualTo(pressure);
    }

    @Test
    void withoutAnyCommandNothingIsKnownAndNothingFails() {
        var detector = new AppleDetector(new Recorded(Map.of()));

        assertThat(detector.hardware().memoryBytes()).isZero();
        assertThat(detector.load()).isEqualTo(Load.UNKNOWN);
    }

    @Test
    void anUnknownChipIsGuessedAndSaidToBe() {
        var sysctl = "/usr/sbin/sysctl machdep.cpu.brand_string hw.memsize hw.ncpu hw.physicalcpu"
                + " hw.perflevel0.physicalcpu iogpu.wired_limit_mb";
        var mac = new AppleDetector(new Recorded(
                        Map.of(sysctl, "machdep.cpu.brand_string: Apple M9 Max\nhw.memsize: 137438953472\n")))
                .hardware();

        assertThat(mac.id()).isEqualTo("m9-max-128");
        assertThat(mac.bandwidthEstimated()).isTrue();
        assertThat(mac.summary()).isEqualTo("Apple M9 Max, 128 GiB, ~546 GB/s");

        var intel = new AppleDetector(
                        new Recorded(
                                Map.of(
                                        sysctl,
                                        "machdep.cpu.brand_string: Intel(R) Core(TM) i9-9980HK CPU @ 2.40GHz\nhw.memsize: 34359738368\n")))
                .hardware();
        assertThat(intel.id()).isEqualTo("mac-32");
        assertThat(intel.platform()).isEqualTo(Platform.OTHER);
        assertThat(intel.gpuLimitBytes()).isZero();
    }
}
