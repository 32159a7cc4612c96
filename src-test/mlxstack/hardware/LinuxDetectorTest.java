package mlxstack.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import mlxstack.hardware.Load.Pressure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxDetectorTest {

    private static final String NVIDIA = "nvidia-smi --query-gpu=name,memory.total --format=csv,noheader,nounits";

    @TempDir
    Path root;

    @BeforeEach
    void machine() throws IOException {
        write("proc/cpuinfo", """
                processor	: 0
                model name	: AMD Ryzen 9 7950X 16-Core Processor
                physical id	: 0
                core id		: 0

                processor	: 1
                model name	: AMD Ryzen 9 7950X 16-Core Processor
                physical id	: 0
                core id		: 1

                processor	: 2
                model name	: AMD Ryzen 9 7950X 16-Core Processor
                physical id	: 0
                core id		: 0
                """);
        write("proc/meminfo", """
                MemTotal:       65746532 kB
                MemFree:         1903020 kB
                MemAvailable:   48000000 kB
                """);
        write("proc/self/cgroup", "0::/user.slice/app.scope\n");
        write("etc/os-release", "NAME=\"Ubuntu\"\nPRETTY_NAME=\"Ubuntu 24.04.2 LTS\"\n");
        write("proc/sys/kernel/osrelease", "6.8.0-60-generic\n");
        write("proc/pressure/memory", """
                some avg10=0.00 avg60=0.00 avg300=0.00 total=0
                full avg10=0.00 avg60=0.00 avg300=0.00 total=0
                """);
    }

    @Test
    void aMachineIsKnownByItsFiles() {
        var machine = new LinuxDetector(new Recorded(Map.of()), root).hardware();

        assertThat(machine.id()).isEqualTo("linux-63");
        assertThat(machine.chip()).isEqualTo("AMD Ryzen 9 7950X 16-Core Processor");
        assertThat(machine.cpuCores()).isEqualTo(2);
        assertThat(machine.system()).isEqualTo("Ubuntu 24.04.2 LTS, Linux 6.8.0-60-generic");
        assertThat(machine.memoryBytes()).isEqualTo(65746532L * 1024);
        assertThat(machine.modelBytes()).isEqualTo(machine.memoryBytes());
        assertThat(machine.gpu()).isNull();
        assertThat(machine.bandwidthEstimated()).isTrue();
    }

    @Test
    void aCardHoldsTheModels() {
        var machine =
                new LinuxDetector(new Recorded(Map.of(NVIDIA, "NVIDIA GeForce RTX 4090, 24564\n")), root).hardware();

        assertThat(machine.id()).isEqualTo("linux-63-24g");
        assertThat(machine.gpu()).isEqualTo("NVIDIA GeForce RTX 4090");
        assertThat(machine.modelBytes()).isEqualTo(24564L << 20);
        assertThat(machine.bandwidth()).isEqualTo(1008);
        assertThat(machine.bandwidthEstimated()).isFalse();

        var two = LinuxText.cards("NVIDIA RTX A6000, 49140\nNVIDIA RTX A6000, 49140\n");
        assertThat(two).isEqualTo(new LinuxText.Cards("2 × NVIDIA RTX A6000", 98280L << 20));
    }

    @Test
    void aCardWithoutMemoryOfItsOwnSharesTheMachines() {
        var machine = new LinuxDetector(new Recorded(Map.of(NVIDIA, "NVIDIA GB10, [N/A]\n")), root).hardware();

        assertThat(machine.modelBytes()).isEqualTo(machine.memoryBytes());
        assertThat(machine.bandwidth()).isEqualTo(273);
    }

    @Test
    void theLeastLimitOfOurGroupsIsTheMemoryThereIs() throws IOException {
        write("sys/fs/cgroup/user.slice/app.scope/memory.max", "max\n");
        write("sys/fs/cgroup/user.slice/memory.max", "8589934592\n");
        write("sys/fs/cgroup/user.slice/memory.current", "5368709120\n");
        var detector = new LinuxDetector(new Recorded(Map.of()), root);

        assertThat(detector.hardware().memoryBytes()).isEqualTo(8L << 30);
        assertThat(detector.load().freeBytes()).isEqualTo(3L << 30);
    }

    @Test
    void limitsOfTheOlderKindCountAndNoLimitIsNone() throws IOException {
        write("proc/self/cgroup", "9:name=systemd:/\n4:memory:/docker/abc\n0::/\n");
        write("sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", "9223372036854771712\n");
        var detector = new LinuxDetector(new Recorded(Map.of()), root);
        assertThat(detector.hardware().memoryBytes()).isEqualTo(65746532L * 1024);

        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "4294967296\n");
        assertThat(detector.hardware().memoryBytes()).isEqualTo(4L << 30);
    }

    @Test
    void pressureIsHowMuchIsWaitedForMemory() throws IOException {
        var detector = new LinuxDetector(new Recorded(Map.of()), root);
        assertThat(detector.load()).isEqualTo(new Load(48000000L * 1024, Pressure.NORMAL));

        write("proc/pressure/memory", "some avg10=31.20 avg60=1 avg300=0 total=0\nfull avg10=2.00 avg60=0\n");
        assertThat(detector.load().pressure()).isEqualTo(Pressure.WARNING);
        write("proc/pressure/memory", "some avg10=60.20 avg60=1 avg300=0 total=0\nfull avg10=45.00 avg60=0\n");
        assertThat(detector.load().pressure()).isEqualTo(Pressure.CRITICAL);
    }

    @Test
    void withoutFilesNothingIsKnownAndNothingFails() {
        var detector = new LinuxDetector(new Recorded(Map.of()), root.resolve("nowhere"));

        assertThat(detector.hardware().memoryBytes()).isZero();
        assertThat(detector.load()).isEqualTo(Load.UNKNOWN);
    }

    @Test
    void realCommandsThatHangOrAreMissingAnswerNothing() {
        var commands = new SystemCommands(java.time.Duration.ofMillis(200));

        assertThat(commands.text("/no/such/program")).isEmpty();
        assertThat(commands.text("sleep", "60")).isEmpty();
        assertThat(commands.text("echo", "here").strip()).isEqualTo("here");
        assertThat(Detector.ofThisMachine().hardware().memoryBytes()).isPositive();
    }

    private void write(String file, String text) throws IOException {
        var path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
