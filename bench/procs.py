"""What /proc says about processes."""
import collections
import os
import signal
import time


def birth(pid):
    """The start time in clock ticks, which tells a process from a later one of the same pid; None when it is gone."""
    fields = _stat(pid)
    return None if fields is None or fields[0] in "ZX" else int(fields[19])


def _stat(pid):
    """The fields of /proc/PID/stat behind the program's name."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def descendants(pid):
    """The pid and all below it, parents first."""
    children = collections.defaultdict(list)
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            fields = _stat(entry)
            if fields is not None and fields[0] not in "ZX":
                children[int(fields[1])].append(int(entry))
    found = [pid]
    for each in found:
        found += children[each]
    return found


def memory(pids):
    """(PSS, RSS) of all together, in MB of 10^6 bytes."""
    pss = rss = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps_rollup") as rollup:
                for line in rollup:
                    if line.startswith("Pss:"):
                        pss += int(line.split()[1])
                    elif line.startswith("Rss:"):
                        rss += int(line.split()[1])
        except (FileNotFoundError, ProcessLookupError):
            pass
    return pss * 1024 / 1e6, rss * 1024 / 1e6


def cpu(pids):
    """Milliseconds on a processor of all together, threads that have ended included: their CPU-time clocks, which
    clock_getcpuclockid(3) numbers like this."""
    spent = 0
    for pid in pids:
        try:
            spent += time.clock_gettime_ns((~pid << 3) | 2)
        except OSError:
            pass
    return spent / 1e6


def running(program):
    """How many processes of this name there are."""
    count = 0
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/comm") as comm:
                    count += comm.read().strip() == program
            except (FileNotFoundError, ProcessLookupError):
                pass
    return count


def about(directory):
    """Whoever works in the directory or was given a path in it: helpers that outlived their supervisor."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit() and birth(entry) is not None:
            try:
                cwd = os.readlink(f"/proc/{entry}/cwd")
                with open(f"/proc/{entry}/cmdline") as words:
                    if (cwd + "/").startswith(directory + "/") or directory + "/" in words.read():
                        found.append(int(entry))
            except OSError:
                pass
    return found


def kill(pids):
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
