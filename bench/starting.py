"""How long mlxstackd takes from its command line to its first answer."""
import time


def starting(peer, count):
    """With so many services to start, and again with all of them to be adopted: ms, and whether all were."""
    names = peer.names(count)
    peer.configure({name: peer.service(name) for name in names})
    try:
        began = time.monotonic()
        peer.begin()
        fresh = peer.answers() - began
        if peer.stamps.wait_all(names, began) is None:
            raise RuntimeError("not all services were started")
        time.sleep(0.5)
        peer.kill(helpers=True)
        began = time.monotonic()
        peer.begin()
        again = peer.answers() - began
        time.sleep(0.5)
        same = all(peer.stamps.last(name).at < began for name in names)
        return {"fresh ms": fresh * 1000, "adoption ms": again * 1000, "adopted": same}
    finally:
        peer.end()
