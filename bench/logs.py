"""A service writes numbered lines at full speed through rotation. Which of them are kept?"""
import time

from writer import LINE


def logs(peer, lines, kill):
    """Kill: the supervisor is killed when half is written and started again a second later."""
    name = peer.names(1)[0]
    peer.configure({name: peer.writer(name, lines)}, logged=True)
    try:
        peer.begin()
        begins = peer.stamps.wait(name + "-begins")
        if begins is None:
            raise RuntimeError(f"{peer.name} did not start the writer")
        half = peer.stamps.wait(name + "-half", begins.at, timeout=300)
        if kill and half:
            peer.kill(helpers=False)
            time.sleep(1)
            peer.begin()
        done = peer.stamps.wait(name + "-done", begins.at, timeout=20 if kill else 300)
        time.sleep(3)
        found = count(peer.log_lines(name), lines)
        found["writer"] = "done" if done else "died" if not alive(peer, name, begins) else "stuck or failed"
        found["lines/s"] = lines / (done.at - begins.at) if done and not kill else None
        return found
    finally:
        peer.end()


def alive(peer, name, begins):
    return any(s.pid == begins.pid for s in peer.stamps.living(name))


def count(kept, lines):
    """How many of the lines are there, whole, once and in order."""
    seen = bytearray(lines)
    whole = twice = disordered = 0
    last = -1
    for line in kept:
        number = int(line[:9]) if line[:9].isdigit() else -1
        if not 0 <= number < lines or line != (LINE % number).encode():
            continue
        whole += 1
        twice += seen[number]
        seen[number] = 1
        disordered += number < last
        last = number
    return {"kept": sum(seen), "twice": twice, "cut": len(kept) - whole, "disordered": disordered}
