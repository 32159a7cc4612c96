"""From results to Markdown: each measure, and what design and peers ask of it."""
import statistics

from forms import number, table

OURS = "mlxstack"
ORDER = ("direct", "nginx", OURS, "litellm")


def tables(r):
    """The targets first, then all that was measured."""
    m = r["measures"]
    said = [f"Taken on {r['date']} by `bench/gateway/run{' --quick' if r['quick'] else ''}`, "
            f"{'in ' + str(r['runs']) + ' runs, ' if r.get('runs', 1) > 1 else ''}load {min(r['load'])} to "
            f"{max(r['load'])}, {r['machine']}. Milliseconds unless said otherwise."]
    said += [f"Missing: {line}." for line in r["missing"]]
    said += [targets(m)]
    said += [form(m) for needs, form in ((("plain", "large", "throughput"), requests), (("one-stream", "fifty-streams"), streams),
                                         (("many-streams",), many), (("start", "memory", "cancel", "refused"), rest),
                                         (("reload",), reload)) if all(need in m for need in needs)]
    return "\n\n".join(said) + "\n"


def names(*measures):
    """Of the peers that all of them know: each may have been taken in a run of its own."""
    return [name for name in ORDER if all(name in measure for measure in measures)]


def added(measure, name, *path):
    """What the gateway adds to the direct way."""
    def of(peer):
        value = measure[peer]
        for part in path:
            value = value[part]
        return value

    return of(name) - of("direct")


def targets(m):
    """Only of what was measured. Each row: words, the target in words, what came out, whether it was met."""
    rows = []

    def row(what, target, value, met, unit=""):
        rows.append([what, target, number(value) + unit, "met" if met else "missed"])

    def at_most(what, limit, value, unit=""):
        row(what, f"≤ {limit:g}{unit}", value, value <= limit, unit)

    if "plain" in m:
        at_most("added to a request, p50", 0.12, added(m["plain"], OURS, "p50"))
    if "large" in m:
        at_most("added to one of 200 KB, p50", 1, added(m["large"], OURS, "p50"))
    if "one-stream" in m:
        at_most("added to the first token, p50", 0.3, added(m["one-stream"], OURS, "first", "p50"))
        rows.append(["the same after a rest", "-", number(added(m["one-stream"], OURS, "rested", "p50")), ""])
        at_most("added to each token, p50", 0.08, added(m["one-stream"], OURS, "delay", "p50"))
    if "throughput" in m:
        t = m["throughput"]
        at_most("processor time of a request at c=32", 55, t[OURS]["cpu"], " µs")
        if "nginx" in t:
            row("requests a second at c=32", f"0.35 × nginx: {number(0.35 * t['nginx']['rate'])}", t[OURS]["rate"],
                t[OURS]["rate"] >= 0.35 * t["nginx"]["rate"])
        if "litellm" in t:
            row("the same, beside LiteLLM", f"8 ×: {number(8 * t['litellm']['rate'])}", t[OURS]["rate"],
                t[OURS]["rate"] >= 8 * t["litellm"]["rate"])
    if "nginx" in m.get("fifty-streams", {}):
        f = m["fifty-streams"]
        row("50 streams × 100 tokens/s, p90 token delay", f"nginx: {number(f['nginx']['delay']['p90'])}", f[OURS]["delay"]["p90"],
            f[OURS]["delay"]["p90"] <= f["nginx"]["delay"]["p90"])
    if "many-streams" in m:
        s = m["many-streams"]
        row(f"tokens lost, merged, streams broken of 200 over {s['seconds']} s", "none", s["lost"] + s["merged"] + s["broken"],
            s["lost"] + s["merged"] + s["broken"] == 0)
    if "memory" in m:
        at_most(f"PSS after {m['memory'][OURS]['calls']:,} requests", 110, m["memory"][OURS]["loaded"][0], " MB")
    if "start" in m:
        at_most("start to ready, median", 1, statistics.median(m["start"][OURS]), " s")
    if "cancel" in m:
        at_most("client leaves to upstream's socket closed, p50", 2, m["cancel"][OURS]["p50"])
    if "refused" in m:
        at_most("a refused backend before the one that answers, p50", 2, refused(m, OURS))
    if "reload" in m:
        all_ = m["reload"][OURS]
        bad = sum(one["failed"] + one["streams"]["broken"] + one["streams"]["lost"] for one in all_)
        row("a route saved under 200 requests/s: failed calls and streams", "none", bad, bad == 0)
        at_most("the same: save to effect, of which the file rests 30, median", 130, statistics.median(one["effect"] for one in all_))
    return table(["measure", "target", "this run", ""], rows)


def refused(m, name):
    return m["refused"][f"{name}-dead"]["p50"] - m["refused"][name]["p50"]


def requests(m):
    rows = []
    for name in names(m["plain"], m["large"], m["throughput"]):
        one, big, many_ = m["plain"][name], m["large"][name], m["throughput"][name]
        rows.append([name, number(one["p50"]), f"**{number(added(m['plain'], name, 'p50'))}**",
                     f"{number(one['q1'])} to {number(one['q3'])}", number(one["p99"]), number(added(m["plain"], name, "p99")),
                     number(one.get("cpu")), number(big["p50"]), f"**{number(added(m['large'], name, 'p50'))}**",
                     number(many_["rate"]), number(many_["p50"]), number(many_["p99"]), number(many_["cpu"]), number(many_["errors"])])
    return "### One request at a time, and 32 at a time\n\n" + table(
        ["", "p50", "added", "middle half", "p99", "added", "CPU µs", "200 KB: p50", "added", "c=32: requests/s", "p50", "p99",
         "CPU µs", "errors"], rows)


def streams(m):
    rows = []
    for name in names(m["one-stream"], m["fifty-streams"]):
        one, fifty = m["one-stream"][name], m["fifty-streams"][name]
        rows.append([name, number(one["first"]["p50"]), f"**{number(added(m['one-stream'], name, 'first', 'p50'))}**",
                     f"{number(one['rested']['p50'])}", f"**{number(added(m['one-stream'], name, 'rested', 'p50'))}**",
                     number(one["delay"]["p50"]), f"**{number(added(m['one-stream'], name, 'delay', 'p50'))}**",
                     number(one["delay"]["p99"]), number(fifty["first"]["p50"]),
                     *(number(fifty["delay"][q]) for q in ("p50", "p90", "p99")), number(fifty.get("cpu")),
                     " / ".join(str(one[w] + fifty[w]) for w in ("lost", "merged", "broken"))])
    return "### Streams\n\n" + table(
        ["", "first token", "added", "after a rest", "added", "token delay p50", "added", "p99", "50 streams: first token", "token delay p50", "p90",
         "p99", "CPU µs a token", "lost / merged / broken"], rows)


def many(m):
    s = m["many-streams"]
    return (f"200 streams at once for {s['seconds']} s through mlxstack, {s['tokens']:,} tokens: {s['lost']} lost, {s['merged']} merged, "
            f"{s['broken']} streams broken; token delay p50 {number(s['delay']['p50'])}, p99 {number(s['delay']['p99'])}, at most "
            f"{number(s['delay']['max'])}; PSS {number(s['memory'][0])} MB at their end.")


def rest(m):
    rows = []
    for name in names(m["memory"]):
        memory = m["memory"][name]
        cancel = m["cancel"][name]
        rows.append([name, number(statistics.median(m["start"][name])),
                     *(f"{number(memory[w][0])} / {number(memory[w][1])}" for w in ("idle", "loaded")), f"{memory['calls']:,}",
                     "never (2 s)" if cancel["p50"] >= 2_000 else number(cancel["p50"]),
                     "never (2 s)" if cancel["max"] >= 2_000 else number(cancel["max"]), number(refused(m, name))])
    return "### Start, memory, clients that leave, backends that refuse\n\n" + table(
        ["", "start to ready, s", "PSS / RSS idle, MB", "later", "after requests", "client leaves to upstream knows, p50", "max",
         "a refused backend adds, p50"], rows)


def reload(m):
    rows = []
    for name, all_ in m["reload"].items():
        rows.append([name, ", ".join(number(one["effect"]) for one in all_), str(sum(one["calls"] for one in all_)),
                     str(sum(one["failed"] for one in all_)), number(statistics.median(one["took"]["p50"] for one in all_)),
                     number(statistics.median(one["took"]["p99"] for one in all_)), number(max(one["took"]["max"] for one in all_)),
                     f"{sum(one['streams']['broken'] for one in all_)} of {20 * len(all_)}"])
    return "### A route added under load\n\n" + table(
        ["", "takes effect after", "calls", "failed", "p50", "p99", "max", "streams broken"], rows)
