package mlxstack.simulator;

import java.io.IOException;
import java.util.List;

/**
 * The simulator's program.
 *
 * <p>Exit codes: 0 after {@code --help}, 1 when it cannot listen, 2 for a command line that cannot be understood, and
 * {@code --exit-code} for crashes that were asked for.
 */
public final class SimulatorMain {

    /**
     * What keeps it small; several run beside each other on the machine of somebody who only tries things out. The
     * interpreter answers in a third of a millisecond, and a compiler alone takes 8 MB.
     */
    public static final List<String> JVM_FLAGS = List.of(
            "-Xint",
            "-Xmx24m",
            "-Xms4m",
            "-Xss256k",
            "-XX:+UseSerialGC",
            "-XX:MaxDirectMemorySize=1t",
            "-XX:-UsePerfData");

    private SimulatorMain() {}

    public static void main(String[] args) {
        if (List.of(args).contains("--help")) {
            System.out.print(Flags.help());
            return;
        }
        Knobs knobs;
        try {
            knobs = Flags.read(args);
        } catch (BadKnob e) {
            System.err.println("simulator: " + e.getMessage());
            System.exit(2);
            return;
        }
        if (knobs.has(Knob.CRASH_AT_START)) {
            new Faults(knobs, Log::stdout).crash("--crash-at-start");
        }
        try (Simulator simulator = Simulator.listen(knobs, Log::stdout)) {
            Log.stdout("simulator of " + knobs.text(Knob.MODEL, "simulator") + " listening on "
                    + knobs.text(Knob.HOST, "127.0.0.1") + ":" + simulator.port());
            simulator.run();
        } catch (IOException e) {
            System.err.println("simulator: cannot listen on %s:%s: %s; is another instance running?"
                    .formatted(knobs.text(Knob.HOST, "127.0.0.1"), knobs.text(Knob.PORT, "8080"), e.getMessage()));
            System.exit(1);
        }
    }
}
