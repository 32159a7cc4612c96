package mlxstack.hardware;

/** Finds out what this machine is. May wait seconds for commands; what it cannot learn is absent. Usable by any thread. */
public interface Detector {

    Hardware hardware();

    Load load();

    /** For the platform we run on. */
    static Detector ofThisMachine() {
        return new LinuxDetector();
    }
}
