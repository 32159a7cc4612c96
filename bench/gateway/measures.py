"""What is measured. Peers take turns within each measure, so that they share whatever else the machine does."""
import json
import os
import statistics
import subprocess
import time

import procs
from peers import DEAD, KEY, java

#: How often, how many, how long.
FULL = {"start": 1, "plain": (100, 500, 20), "large": (20, 100, 10), "wrk": (5, 6), "one stream": (40, 10, 10, 5_000),
        "one at times": (200, 1, 10, 5_000), "fifty streams": (6, 1, 50, 300, 10_000), "many streams": (200, 100_000, 300), "cancel": 40, "requests": 100_000,
        "litellm requests": 500, "reload": (3, 8)}
QUICK = {"start": 0, "plain": (20, 50, 20), "large": (10, 20, 10), "wrk": (1, 3), "one stream": (5, 10, 10, 5_000),
         "one at times": (30, 1, 10, 5_000), "fifty streams": (2, 1, 50, 100, 10_000), "many streams": (200, 100_000, 5), "cancel": 10, "requests": 5_000,
         "litellm requests": 50, "reload": (1, 3)}

WRK = """\
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer %s"
wrk.body = '{"model":"m","messages":[{"role":"user","content":"hello"}]}'
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('{"requests":%%d,"seconds":%%f,"p50":%%f,"p99":%%f,"errors":%%d}\\n', summary.requests,
    summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


class Plan:
    """Peers that run, the first of them none at all, and what to do with them."""

    def __init__(self, peers, upstream, classes, place, counts):
        self.peers = peers
        self.gateways = peers[1:]
        self.upstream = upstream
        self.classes = classes
        self.script = os.path.join(place, "wrk.lua")
        self.counts = dict(counts)
        with open(self.script, "w") as file:
            file.write(WRK % KEY)

    def words(self, *words):
        return [java("java"), "-Xmx512m", "-XX:+UseSerialGC", "-cp", self.classes, "Load", *map(str, words)]

    def begin(self, *words):
        return subprocess.Popen(self.words(*words), env=dict(os.environ, KEY=KEY), stdout=subprocess.PIPE, text=True)

    def load(self, *words):
        done = subprocess.run(self.words(*words), env=dict(os.environ, KEY=KEY), stdout=subprocess.PIPE, check=True, text=True)
        return json.loads(done.stdout)

    def cpu(self):
        """Milliseconds of each gateway so far."""
        return {p.name: procs.cpu(p.pids()) for p in self.gateways}


def start(plan):
    """Seconds from the command line to the first answer."""
    return {p.name: [p.start_again(i) for i in range(p.starts if plan.counts["start"] else 1)] for p in plan.gateways}


def memory(plan):
    """(PSS, RSS) in MB at first and after so many requests."""
    found = {p.name: {"idle": procs.memory(p.pids())} for p in plan.gateways}
    for peer in plan.gateways:
        count = plan.counts["litellm requests" if peer.name == "litellm" else "requests"]
        found[peer.name].update(plan.load("many", count, peer.port))
        time.sleep(5)
        found[peer.name]["loaded"] = procs.memory(peer.pids())
    return found


def plain(plan, name="plain", size=0):
    """One request at a time."""
    warm, rounds, each = plan.counts[name]
    before = plan.cpu()
    taken = plan.load("plain", warm, rounds, each, size, *(p.target() for p in plan.peers))
    for peer, spent in plan.cpu().items():
        asked = max(1, taken[peer]["n"] * (warm + rounds) / rounds)
        taken[peer]["cpu"] = (spent - before[peer]) * 1e3 / asked
    return taken


def large(plan):
    """The same with a conversation of 200 KB."""
    return plain(plan, "large", 200_000)


def throughput(plan):
    """32 connections that ask again as soon as they are answered; medians of all rounds but the first."""
    seconds, rounds = plan.counts["wrk"]
    taken = {p.name: [] for p in plan.peers}
    for _ in range(rounds):
        for peer in plan.peers:
            pids = peer.pids()
            before = procs.cpu(pids)
            done = subprocess.run(["wrk", "-t1", "-c32", f"-d{seconds}s", "--timeout", "30s", "-s", plan.script,
                                   f"http://127.0.0.1:{peer.port}/v1/chat/completions"],
                                  stdout=subprocess.PIPE, text=True, check=True)
            said = json.loads(done.stdout.splitlines()[-1])
            cpu = (procs.cpu(pids) - before) * 1e3 / max(1, said["requests"])
            taken[peer.name].append((said["requests"] / said["seconds"], cpu, said["p50"], said["p99"], said["errors"]))
    return {name: dict(zip(("rate", "cpu", "p50", "p99", "errors"), map(statistics.median, zip(*all_[1:]))))
            for name, all_ in taken.items()}


def one_stream(plan):
    """Short streams, one at a time: ten in a turn, or one, so that each gateway rests while the others have theirs."""
    def take(name):
        rounds, each, tokens, pace = plan.counts[name]
        return plan.load("streams", rounds, each, 1, tokens, pace, *(p.target() for p in plan.peers))

    taken, rested = take("one stream"), take("one at times")
    return {name: dict(one, rested=rested[name]["first"]) for name, one in taken.items()}


def fifty_streams(plan):
    """50 streams of 100 tokens a second each."""
    before = plan.cpu()
    taken = plan.load("streams", *plan.counts["fifty streams"], *(f"{p.name}={p.port}" for p in plan.peers))
    for peer, spent in plan.cpu().items():
        taken[peer]["cpu"] = (spent - before[peer]) * 1e3 / max(1, taken[peer]["tokens"])
    return taken


def many_streams(plan):
    """200 streams for minutes, through ours alone."""
    count, pace, seconds = plan.counts["many streams"]
    ours = next(p for p in plan.gateways if p.name == "mlxstack")
    taken = plan.load("streams", 1, 1, count, seconds * 1_000_000 // pace, pace, f"{ours.name}={ours.port}")[ours.name]
    return dict(taken, seconds=seconds, memory=procs.memory(ours.pids()))


def cancel(plan):
    """The client leaves a request that nothing has come of yet."""
    return plan.load("cancel", plan.counts["cancel"], plan.upstream,
                     *(f"{p.name}={p.port},{p.share * 2 if p.share < 1 else 1}" for p in plan.peers[1:]))


def refused(plan):
    """The first backend takes no connection: the same request with and without it, in turns. One more goes before, as the
    first after a pause is slow anywhere."""
    targets = [target for p in plan.gateways
               for target in (f"{p.name}-before={p.port}", f"{p.name}={p.port}", p.dead().rpartition(",")[0])]
    return plan.load("plain", 0, 3 * DEAD, 1, 0, *targets)


def reload(plan):
    """A route is added under 200 requests a second, each over a connection of its own, and 20 open streams."""
    rounds, seconds = plan.counts["reload"]
    found = {p.name: [] for p in plan.gateways if p.reloads}
    for _ in range(rounds):
        for peer in plan.gateways:
            if peer.reloads:
                calls = plan.begin("rate", 200, seconds, peer.port)
                streams = plan.begin("streams", 1, 1, 20, seconds * 10, 100_000, f"{peer.name}={peer.port}")
                time.sleep(seconds / 2)
                took = peer.reload()
                said = json.loads(calls.communicate()[0])
                said["streams"] = json.loads(streams.communicate()[0])[peer.name]
                found[peer.name].append(dict(said, effect=took))
    return found


MEASURES = {"start": start, "memory": memory, "plain": plain, "large": large, "throughput": throughput,
            "fifty-streams": fifty_streams, "one-stream": one_stream, "cancel": cancel, "refused": refused, "reload": reload,
            "many-streams": many_streams}
