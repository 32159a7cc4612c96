package mlxstack.hardware;

import mlxstack.hardware.Hardware.Platform;

/** Asks Linux. Stateless. */
final class LinuxDetector implements Detector {

    @Override
    public Hardware hardware() {
        int cores = Runtime.getRuntime().availableProcessors();
        return new Hardware("linux-0", Platform.LINUX, "Linux", "Linux", cores, null, null, null, 0, 0, 0, true);
    }

    @Override
    public Load load() {
        return Load.UNKNOWN;
    }
}
