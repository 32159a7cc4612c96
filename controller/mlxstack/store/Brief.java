package mlxstack.store;

import java.util.HexFormat;
import java.util.zip.CRC32C;
import mlxstack.reconcile.Effect;

/** An effect in a few words, for the journal: what people read, and a checksum of all the rest. Stateless. */
final class Brief {

    private Brief() {}

    /** As in {@code Spawn primary#3 1a2b3c4d}; {@code json} is the effect's. */
    static String of(Effect effect, byte[] json) {
        var crc = new CRC32C();
        crc.update(json);
        return text(effect) + " " + HexFormat.of().toHexDigits((int) crc.getValue());
    }

    static String text(Effect effect) {
        String kind = effect.getClass().getSimpleName();
        String name = effect.name();
        String whose = name == null ? kind : kind + " " + name;
        return switch (effect) {
            case Effect.Persist e -> whose + "#" + e.record().launch() + (e.sync() ? " synced" : "");
            case Effect.Spawn e -> whose + "#" + e.launch();
            case Effect.Inspect e -> whose + "#" + e.launch();
            case Effect.Signal e -> whose + "#" + e.launch() + " " + e.signal();
            case Effect.PreStop e -> whose + "#" + e.launch();
            case Effect.Clear e -> whose + "#" + e.launch();
            case Effect.Adopt e -> whose + "#" + e.launch();
            case Effect.StartProbe e -> whose + "#" + e.launch() + " " + e.kind();
            case Effect.StopProbe e -> whose + "#" + e.launch() + " " + e.kind();
            case Effect.Reload e -> whose + "#" + e.launch();
            case Effect.SetTimer e -> whose + " " + e.at();
            case Effect.EmitEvent e -> whose + " " + e.reason();
            case Effect.PersistStack _,
                    Effect.Forget _,
                    Effect.CancelTimer _,
                    Effect.WriteGatewayConfig _,
                    Effect.WriteLitellmConfig _ -> whose;
        };
    }
}
