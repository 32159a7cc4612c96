package mlxstack.scoring;

import java.util.Comparator;
import java.util.Optional;
import mlxstack.bench.Benchmarks;
import mlxstack.catalog.Figure;
import mlxstack.hardware.Hardware;
import mlxstack.hardware.Machines;
import mlxstack.scoring.Speed.Basis;

/**
 * The best figure there is for a model on a machine: the user's own, else the catalog's of the same chip, else the
 * catalog's of the machine nearest in bandwidth, scaled, else the roofline alone. Immutable.
 */
public final class Speeds {

    private final Hardware machine;
    private final Benchmarks saved;

    public Speeds(Hardware machine, Benchmarks saved) {
        this.machine = machine;
        this.saved = saved;
    }

    public Speed of(Form form) {
        var own = saved.of(form.source().repo(), form.source().quant(), null).filter(each -> each.generation() > 0);
        if (own.isPresent()) {
            var each = own.get();
            double prompt = each.prompt() == null ? estimate(form).prompt() : each.prompt();
            return new Speed(prompt, each.generation(), each.memoryBytes(), each.tools(), Basis.MEASURED);
        }
        return estimate(form);
    }

    private record Elsewhere(Figure figure, Hardware machine) {}

    private Speed estimate(Form form) {
        var nearest = form.model().figures().stream()
                .filter(figure -> figure.origin() != Figure.Origin.MLX_STACK && figure.generation() > 0)
                .filter(figure -> figure.format() == form.source().format()
                        && figure.quant().equalsIgnoreCase(form.source().quant()))
                .flatMap(figure ->
                        Machines.named(figure.hardware()).toJavaStream().map(there -> new Elsewhere(figure, there)))
                .min(Comparator.<Elsewhere>comparingInt(
                                each -> each.figure().hardware().equals(machine.id()) ? 0 : 1)
                        .thenComparingDouble(each -> distance(each.machine()))
                        .thenComparing(each -> each.figure().hardware()));
        if (nearest.isEmpty()) {
            return new Speed(
                    Roofline.prompt(machine, form), Roofline.generation(machine, form), null, null, Basis.ESTIMATE);
        }
        var figure = nearest.get().figure();
        var there = nearest.get().machine();
        if (sameChip(there)) {
            double prompt = Optional.ofNullable(figure.prompt()).orElseGet(() -> Roofline.prompt(machine, form));
            return new Speed(prompt, figure.generation(), figure.memoryBytes(), null, Basis.CATALOG);
        }
        double generation = figure.generation() * Roofline.generation(machine, form) / Roofline.generation(there, form);
        double prompt = figure.prompt() == null
                ? Roofline.prompt(machine, form)
                : figure.prompt() * Roofline.prompt(machine, form) / Roofline.prompt(there, form);
        return new Speed(
                prompt,
                Math.min(generation, Roofline.ceiling(machine, form)),
                figure.memoryBytes(),
                null,
                Basis.ESTIMATE);
    }

    /** How far its bandwidth is from ours, either way. */
    private double distance(Hardware there) {
        return Math.abs(Math.log(there.bandwidth() / machine.bandwidth()));
    }

    /** The amount of memory makes no difference to speed. */
    private boolean sameChip(Hardware there) {
        return there.chip().equals(machine.chip())
                && there.bandwidth() == machine.bandwidth()
                && (there.gpuCores() == null
                        || machine.gpuCores() == null
                        || there.gpuCores().equals(machine.gpuCores()));
    }
}
