package mlxstack.scoring;

import java.util.Locale;
import mlxstack.hardware.Hardware;

/**
 * What a machine can give at the most, and what it gives in practice. A written token reads every active weight once, so
 * that bandwidth is the bound; a read token is computed, so that cores are. The shares of it that are reached are those
 * of the published measurements in the catalog. Stateless.
 */
final class Roofline {

    private static final double GB = 1e9;
    private static final double TERA = 1e12;

    /** Of the bandwidth, reached by models that use all their weights. */
    private static final double DENSE = .85;
    /** Experts are small and scattered. */
    private static final double MIXTURE = .45;
    /** Launching kernels and sampling, for each token, seconds. */
    private static final double EACH_TOKEN = .0013;
    /** Tokens of context whose keys and values are read along. */
    private static final int CONTEXT = 4096;

    private Roofline() {}

    /** Tokens a second that no engine can exceed: the bandwidth over the bytes that a token must read. */
    static double ceiling(Hardware machine, Form form) {
        return machine.bandwidth() * GB / form.activeBytes();
    }

    /** Written tokens a second, a few thousand tokens into a conversation. */
    static double generation(Hardware machine, Form form) {
        double bytes = form.activeBytes() + form.model().attention().bytes(CONTEXT);
        double reached = form.model().parameters().mixture() ? MIXTURE : DENSE;
        return 1 / (bytes / (machine.bandwidth() * GB * reached) + EACH_TOKEN);
    }

    /** Read tokens a second. */
    static double prompt(Hardware machine, Form form) {
        double operations = 2 * form.model().parameters().active() * 1e9;
        double reached = form.model().parameters().mixture() ? .5 : 1;
        return operationsPerSecond(machine) * reached / operations;
    }

    private static double operationsPerSecond(Hardware machine) {
        if (machine.apple()) {
            Integer known = machine.gpuCores();
            double cores = known == null ? machine.bandwidth() / 12 : known;
            return cores * perCore(machine.chip()) * TERA;
        }
        if (machine.gpuLimitBytes() > 0) {
            return machine.bandwidth() * .08 * TERA;
        }
        return (machine.cpuCores() == 0 ? 8 : machine.cpuCores()) * .06 * TERA;
    }

    /** Tera-operations a second that a GPU core reaches in 4-bit models; the M5 has units of its own for this. */
    private static double perCore(String chip) {
        String name = chip.toLowerCase(Locale.ROOT).replace("apple ", "");
        if (name.startsWith("m1")) {
            return .20;
        } else if (name.startsWith("m2")) {
            return .24;
        } else if (name.startsWith("m3")) {
            return .29;
        }
        return name.startsWith("m4") ? .335 : .94;
    }
}
