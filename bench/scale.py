"""Alone, with 10, 100 and 1,000 services: how long they take to start, and what the supervisor costs afterwards."""
import subprocess
import time

import procs

#: Seconds after the last start until memory and processor are looked at.
CALM = 30


def scale(peer, count, idle):
    """One start from nothing: the supervisor's own and all services'. Idle: over how many seconds the processor is
    watched; 0 leaves memory and processor out."""
    names = peer.names(count)
    peer.configure({name: peer.service(name) for name in names})
    began = time.monotonic()
    peer.begin()
    try:
        last = peer.stamps.wait_all(names, began)
        found = {"start s": None if last is None else last - began}
        if idle and last is not None:
            found.update(costs(peer, idle))
        return found
    finally:
        peer.end()


def costs(peer, idle):
    time.sleep(CALM)
    pids = peer.pids()
    pss, rss = procs.memory(pids)
    before = procs.cpu(pids)
    time.sleep(idle)
    found = {
        "pss MB": pss,
        "rss MB": rss,
        "helpers": len(pids) - 1,
        "idle ms/min": (procs.cpu(pids) - before) * 60 / idle,
        "other JVMs": procs.running("java") - (peer.name in ("mlxstack", "java-floor")),
    }
    if peer.listing():
        subprocess.run(peer.listing(), env=getattr(peer, "env", None), stdout=subprocess.DEVNULL, check=True)
        time.sleep(1)
        found["pss MB after a listing"] = procs.memory(peer.pids())[0]
    return found
