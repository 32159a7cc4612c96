"""What is measured, how often and in which order."""
import collections
import os
import random
import shutil
import sys

import death
import logs
import scale
import side_by_side
import starting

Counts = collections.namedtuple("Counts", "respawns additions listings sizes starts idle lines")
FULL = Counts(500, 60, 60, (10, 100, 1000), 3, 60, 1_000_000)
QUICK = Counts(40, 6, 10, (10, 100), 1, 5, 100_000)

MEASURES = ("respawn", "save", "get", "scale", "starting", "logs", "death")


def run(peers, counts, only, load, measures):
    """Puts {measure: results} into measures, and the machine's load after each into load."""

    def note(name, value):
        measures[name] = value
        load.append(os.getloadavg())
        print(f"{name}: done, load {load[-1][0]:.1f}", file=sys.stderr)

    if {"respawn", "save", "get"} & set(only):
        side_by_side.bring_up(peers, side_by_side.SERVICES)
        if "respawn" in only:
            note("respawn", side_by_side.respawns(peers, counts.respawns))
        for peer in peers:
            peer.end()
    if {"save", "get"} & set(only):
        side_by_side.bring_up(peers, 10)
        if "save" in only:
            note("save", side_by_side.additions(peers, counts.additions))
        if "get" in only:
            kubectl = {"kubectl version --client": ["kubectl", "version", "--client"]} if shutil.which("kubectl") else {}
            note("get", side_by_side.listings(peers, counts.listings, {**kubectl, "/bin/true": ["/bin/true"]}))
        for peer in peers:
            peer.end()
    if "starting" in only:
        note("starting", {n: [starting.starting(peers[0], n) for _ in range(counts.starts * 3)] for n in (2, 100)})
    if "scale" in only:
        note("scale", scales(peers, counts))
    if "logs" in only:
        note("logs", {f"{p.name} {k}": logs.logs(p, counts.lines, k == "killed") for k in ("left alone", "killed")
                      for p in peers})
    if "death" in only:
        note("death", {peer.name: death.death(peer) for peer in peers})


def scales(peers, counts):
    """{"peer count": [one result a round]}; memory and idling are looked at in the first round."""
    order = random.Random(4)
    found = collections.defaultdict(list)
    for i in range(counts.starts):
        for size in counts.sizes:
            for peer in order.sample(peers, len(peers)):
                found[f"{peer.name} {size}"].append(scale.scale(peer, size, 0 if i else counts.idle))
    return dict(found)
