package mlxstack.hardware;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Graphics cards people run models on and how fast their memory is, as published. Stateless. */
final class Cards {

    /** GB/s; the first name that is found in the driver's decides. */
    private static final List<Map.Entry<String, Integer>> KNOWN = List.of(
            Map.entry("RTX 5090", 1792),
            Map.entry("RTX 5080", 960),
            Map.entry("RTX 5070 Ti", 896),
            Map.entry("RTX 5070", 672),
            Map.entry("RTX 4090", 1008),
            Map.entry("RTX 4080 SUPER", 736),
            Map.entry("RTX 4080", 717),
            Map.entry("RTX 4070 Ti SUPER", 672),
            Map.entry("RTX 4070", 504),
            Map.entry("RTX 4060 Ti", 288),
            Map.entry("RTX 4060", 272),
            Map.entry("RTX 3090 Ti", 1008),
            Map.entry("RTX 3090", 936),
            Map.entry("RTX 3080", 760),
            Map.entry("RTX 3060", 360),
            Map.entry("RTX 6000 Ada", 960),
            Map.entry("RTX A6000", 768),
            Map.entry("L40S", 864),
            Map.entry("Tesla T4", 320),
            Map.entry("GB10", 273));

    private Cards() {}

    /** Null for one that is not in the table. */
    static @Nullable Double bandwidth(String name) {
        return KNOWN.stream()
                .filter(card -> name.contains(card.getKey()))
                .map(card -> (double) card.getValue())
                .findFirst()
                .orElse(null);
    }
}
