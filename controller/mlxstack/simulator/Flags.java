package mlxstack.simulator;

import java.util.EnumMap;

/** Reads the command line. Stateless. */
final class Flags {

    private Flags() {}

    /** Takes {@code --name value} and {@code --name=value}.
     * @throws BadKnob with a line for the user */
    static Knobs read(String... args) {
        var values = new EnumMap<Knob, String>(Knob.class);
        for (int i = 0; i < args.length; i++) {
            String arg = args[i];
            int equals = arg.indexOf('=');
            String flag = equals < 0 ? arg : arg.substring(0, equals);
            Knob knob = flag.startsWith("--") ? Knob.named(flag.substring(2)) : null;
            if (knob == null) {
                throw new BadKnob("unknown argument \"%s\"%s; --help lists them".formatted(arg, nearest(flag)));
            }
            if (values.containsKey(knob)) {
                throw new BadKnob(flag + " is given twice; leave one out");
            }
            if (!knob.takesValue()) {
                if (equals >= 0) {
                    throw new BadKnob("%s takes no value, found \"%s\"".formatted(flag, arg));
                }
                values.put(knob, "");
            } else if (equals >= 0) {
                values.put(knob, arg.substring(equals + 1));
            } else if (i + 1 < args.length) {
                i++;
                values.put(knob, args[i]);
            } else {
                throw new BadKnob(flag + " needs a value: " + knob.help);
            }
        }
        var knobs = new Knobs(values);
        knobs.check();
        return knobs;
    }

    static String help() {
        var text = new StringBuilder("""
                usage: mlxstack.simulator.SimulatorMain [flags]

                An OpenAI-compatible model server without a model.

                """);
        for (Knob knob : Knob.values()) {
            String flag = knob.flag()
                    + switch (knob.value) {
                        case NONE -> "";
                        case TEXT -> " TEXT";
                        case COUNT -> " N";
                        case DURATION -> " DURATION";
                        case RATE -> " BYTES/s";
                    };
            text.append("  %-34s %s%s%n".formatted(flag, knob.help, knob.perRequest ? " *" : ""));
        }
        return text.append("\n* also for one request, in the header X-Simulator: token-delay=5ms; tokens=20; hang\n")
                .toString();
    }

    /** The flag with the longest common beginning, when it is more than the dashes. */
    private static String nearest(String flag) {
        String best = "";
        int longest = 3;
        for (Knob knob : Knob.values()) {
            int same = 0;
            String name = knob.flag();
            while (same < Math.min(name.length(), flag.length()) && name.charAt(same) == flag.charAt(same)) {
                same++;
            }
            if (same > longest) {
                longest = same;
                best = "; did you mean " + name + "?";
            }
        }
        return best;
    }
}
