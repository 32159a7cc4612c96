package mlxstack.api;

import java.time.Instant;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The machine in the shape of a Kubernetes node, with what that has no place for under {@code status.hardware}. Pure. */
final class NodeJson {

    private NodeJson() {}

    static void put(ObjectNode object, Item.Machine item) {
        var machine = item.info();
        object.putObject("spec");
        var status = object.putObject("status");
        var capacity = amounts(status, "capacity", machine);
        if (machine.gpuBytes() > 0) {
            capacity.put("mlxstack.dev/gpu-memory", kibibytes(machine.gpuBytes()));
        }
        amounts(status, "allocatable", machine)
                .put("memory", kibibytes(item.budget() == null ? machine.memoryBytes() : item.budget()));
        var conditions = status.putArray("conditions");
        String pressure = machine.pressure() == MachineInfo.Pressure.UNKNOWN
                ? "Unknown"
                : machine.pressure().bad() ? "True" : "False";
        condition(
                conditions,
                "MemoryPressure",
                pressure,
                pressure.equals("True") ? "SystemIsShortOfMemory" : "SystemHasSufficientMemory",
                "the system says its memory pressure is " + machine.pressure().text(),
                item.since());
        condition(conditions, "Ready", "True", "DaemonRuns", "mlxstackd answers", item.since());
        var addresses = status.putArray("addresses");
        addresses.addObject().put("type", "InternalIP").put("address", "127.0.0.1");
        addresses.addObject().put("type", "Hostname").put("address", machine.hostname());
        status.putObject("nodeInfo")
                .put("architecture", machine.architecture())
                .put("bootID", "")
                .put("containerRuntimeVersion", "mlxstack://" + item.version())
                .put("kernelVersion", "")
                .put("kubeProxyVersion", "")
                .put("kubeletVersion", item.version())
                .put("machineID", "")
                .put("operatingSystem", machine.os())
                .put("osImage", machine.system())
                .put("systemUUID", "");
        hardware(status.putObject("hardware"), machine);
    }

    private static ObjectNode amounts(ObjectNode status, String name, MachineInfo machine) {
        return status.putObject(name)
                .put("cpu", Integer.toString(machine.cpuCores()))
                .put("memory", kibibytes(machine.memoryBytes()))
                .put("pods", "1000");
    }

    private static void condition(
            ArrayNode conditions, String type, String value, String reason, String message, Instant since) {
        conditions
                .addObject()
                .put("type", type)
                .put("status", value)
                .put("reason", reason)
                .put("message", message)
                .put("lastTransitionTime", Json.time(since));
    }

    private static void hardware(ObjectNode at, MachineInfo machine) {
        at.put("id", machine.hardware()).put("chip", machine.chip());
        Json.putIf(at, "gpu", machine.gpu());
        Json.putIf(at, "gpuCores", machine.gpuCores());
        at.put("memoryBytes", machine.memoryBytes()).put("gpuMemoryBytes", machine.gpuBytes());
        if (machine.bandwidth() > 0) {
            at.put("bandwidth", machine.bandwidth()).put("bandwidthEstimated", machine.bandwidthEstimated());
        }
        Long free = machine.freeBytes();
        if (free != null) {
            at.put("freeBytes", free);
        }
        at.put("pressure", machine.pressure().text());
    }

    /** As Kubernetes writes memory. */
    private static String kibibytes(long bytes) {
        return bytes / 1024 + "Ki";
    }
}
