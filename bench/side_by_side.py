"""With every supervisor up at once: respawns, additions and listings, in turn and in changing order."""
import random
import subprocess
import time

import procs

SERVICES = 20
#: Every service has lived so long before it is killed; some supervisors hold back one that dies younger.
LIFE = 1.2
#: So many additions come first and are not counted: a JVM is slower with what it has never done.
WARM = 10


def bring_up(peers, count):
    for peer in peers:
        names = peer.names(count)
        peer.configure({name: peer.service(name) for name in names})
        peer.begin()
        if peer.stamps.wait_all(names) is None:
            raise RuntimeError(f"{peer.name} did not start its {count} services; see {peer.path('output')}")


def turns(peers, random_order):
    order = list(peers)
    random_order.shuffle(order)
    return order


def respawns(peers, count):
    """{peer: [ms from kill -9 to the next life's first word]}."""
    order = random.Random(1)
    found = {peer.name: [] for peer in peers}
    names = {peer.name: peer.names(SERVICES) for peer in peers}
    for i in range(count):
        for peer in turns(peers, order):
            if peer.pause and i % 20:
                continue
            stamp = peer.stamps.last(names[peer.name][i % SERVICES])
            time.sleep(max(0.0, stamp.at + LIFE - time.monotonic()))
            killed = time.monotonic()
            procs.kill([stamp.pid])
            next_ = peer.stamps.wait(stamp.name, killed)
            if next_ is None:
                raise RuntimeError(f"{stamp.name} was not started again")
            found[peer.name].append((next_.at - killed) * 1000)
    return found


def additions(peers, rounds):
    """{peer: [ms from the end of the edit to the new service's first word, reload command included]}."""
    order = random.Random(2)
    found = {peer.name: [] for peer in peers}
    for i in range(WARM + rounds):
        for peer in turns(peers, order):
            if i % max(1, 20 // peer.additions):
                continue
            name = f"{peer.name}-more-{i}"
            began = time.monotonic()
            edited = peer.add(name, peer.service(name))
            stamp = peer.stamps.wait(name, began)
            if stamp is None:
                raise RuntimeError(f"{name} was not started")
            if i >= WARM:
                found[peer.name].append((stamp.at - edited) * 1000)
            peer.remove(name)
            gone(stamp)
    return found


def gone(stamp):
    end = time.monotonic() + 30
    while procs.birth(stamp.pid) == stamp.birth:
        if time.monotonic() > end:
            raise RuntimeError(f"{stamp.name} was not stopped")
        time.sleep(0.01)


def listings(peers, rounds, others):
    """{peer or name of another command: [ms of the whole command]}."""
    order = random.Random(3)
    commands = {peer.name: (peer.listing(), getattr(peer, "env", None)) for peer in peers if peer.listing()}
    commands.update({name: (command, None) for name, command in others.items()})
    found = {name: [] for name in commands}
    for _ in range(rounds):
        for name in turns(commands, order):
            command, env = commands[name]
            began = time.monotonic()
            subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
            found[name].append((time.monotonic() - began) * 1000)
    return found
