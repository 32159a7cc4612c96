"""The supervisor and all its helpers die at once. What becomes of the services, and of its next start?"""
import time

import procs

SERVICES = 5
#: A runsvdir looks every 5 s, and a supervisor that polls wants its turn.
NEXT_START = 8


def death(peer):
    names = peer.names(SERVICES)
    peer.configure({name: peer.service(name) for name in names})
    try:
        began = time.monotonic()
        peer.begin()
        if peer.stamps.wait_all(names, began) is None:
            raise RuntimeError(f"{peer.name} did not start its services")
        time.sleep(1.5)
        before = {s.pid for s in peer.stamps.living(peer.name)}
        peer.kill(helpers=True)
        time.sleep(1)
        survived = {s.pid for s in peer.stamps.living(peer.name)} & before
        peer.begin()
        time.sleep(NEXT_START)
        after = peer.stamps.living(peer.name)
        copies = {name: sum(s.name == name for s in after) for name in names}
        supervised = respawned(peer, [s for s in after if s.pid in survived])
        return {
            "survived": len(survived),
            "same pid": len(survived & {s.pid for s in after}),
            "duplicates": sum(c > 1 for c in copies.values()),
            "supervised again": supervised,
        }
    finally:
        peer.end()


def respawned(peer, old):
    """Whether one of those that survived is started again when it dies, and only once."""
    if not old:
        return False
    killed = time.monotonic()
    procs.kill([old[0].pid])
    stamp = peer.stamps.wait(old[0].name, killed, timeout=5)
    return stamp is not None and sum(s.name == old[0].name for s in peer.stamps.living(peer.name)) == 1
