package mlxstack.api;

import static mlxstack.api.Columns.plain;
import static mlxstack.api.Columns.some;
import static mlxstack.api.Columns.text;
import static mlxstack.api.Columns.wide;

import java.util.List;
import mlxstack.api.Columns.Column;

/** Which columns the machine is shown with. */
final class NodeColumns {

    private NodeColumns() {}

    static final List<Column> ALL = List.of(
            Columns.NAME,
            plain(
                    "Status",
                    "Ready, and what presses it",
                    (i, _) -> machine(i).pressure().bad() ? "Ready,MemoryPressure" : "Ready"),
            plain("Chip", "Processor", (i, _) -> text(machine(i).chip())),
            plain("Memory", "Of the machine", (i, _) -> Bytes.text(machine(i).memoryBytes())),
            plain(
                    "Free",
                    "What new processes could take",
                    (i, _) -> Bytes.text(machine(i).freeBytes())),
            plain("Age", "Since the daemon was started", Columns::age),
            plain("Version", "Of mlxstack", (i, _) -> ((Item.Machine) i).version()),
            wide(
                    "Hardware",
                    "Measured speeds are kept under it",
                    (i, _) -> machine(i).hardware()),
            wide("GPU", "What models run on", (i, _) -> text(machine(i).gpu())),
            wide("GPU-Cores", "How many it has", (i, _) -> text(machine(i).gpuCores())),
            wide(
                    "GPU-Memory",
                    "What the GPU can hold",
                    (i, _) -> machine(i).gpuBytes() == 0
                            ? "<none>"
                            : Bytes.text(machine(i).gpuBytes())),
            wide(
                    "Bandwidth",
                    "Of the memory models are read from",
                    (i, _) -> some(machine(i).bandwidthText())),
            wide("OS-Image", "Operating system", (i, _) -> text(machine(i).system())));

    private static MachineInfo machine(Item item) {
        return ((Item.Machine) item).info();
    }
}
