"""One table of each measure, and beside each peer its ratio to the best other one."""
import statistics

OURS = "mlxstack"
#: Other commands than supervisors, and what is below every supervisor in Java.
NO_PEERS = ("java-floor", "/bin/true", "kubectl version --client")


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def number(value):
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def times(title, heading):
    def form(samples):
        medians = {name: statistics.median(all_) for name, all_ in samples.items() if all_}
        best = min(m for name, m in medians.items() if name != OURS and name not in NO_PEERS)
        rows = []
        for name in sorted(medians, key=medians.get):
            all_ = sorted(samples[name])
            p99 = number(all_[int(len(all_) * 0.99)]) if len(all_) >= 500 else "-"
            quarters = statistics.quantiles(all_, n=4) if len(all_) > 1 else [all_[0]] * 3
            rows.append([name, str(len(all_)), number(all_[0]), f"**{number(medians[name])}**",
                         f"{number(quarters[0])} to {number(quarters[2])}", p99, number(all_[-1]),
                         number(medians[name] / best)])
        heads = [heading, "n", "min", "median", "middle half", "p99", "max", "to the best peer"]
        return f"### {title}\n\n" + table(heads, rows)

    return form


def scale(found):
    def median(rounds, what):
        known = [r[what] for r in rounds if r.get(what) is not None]
        return statistics.median(known) if known else None

    parts = ["### 10, 100 and 1,000 services"]
    for size in sorted({int(key.split()[1]) for key in found}):
        rows = []
        for key in sorted(found):
            name, _, count = key.partition(" ")
            if int(count) == size:
                starts = [r["start s"] for r in found[key] if r["start s"] is not None]
                spread = f"{number(min(starts))} to {number(max(starts))}" if starts else "not all"
                rows.append([name, number(median(found[key], "start s")), spread,
                             *(number(median(found[key], w)) for w in
                               ("pss MB", "pss MB after a listing", "rss MB", "helpers", "idle ms/min"))])
        heads = [f"{size:,} services", "start, s", "spread", "PSS, MB", "after a listing", "RSS", "helpers",
                 "idle CPU, ms a minute"]
        parts.append(table(heads, rows))
    others = [r["other JVMs"] for rounds in found.values() for r in rounds if "other JVMs" in r]
    parts.append(f"Other JVMs on the machine meanwhile: {min(others)} to {max(others)} (what they share with one that is "
                 "measured makes its PSS smaller).")
    return "\n\n".join(parts)


def starting(found):
    rows = []
    for size, rounds in found.items():
        for what in ("fresh ms", "adoption ms"):
            all_ = [r[what] for r in rounds]
            title = f"{size} services to {'start' if what == 'fresh ms' else 'adopt'}"
            adopted = "-" if what == "fresh ms" else f"{sum(r['adopted'] for r in rounds)} of {len(rounds)} times all"
            rows.append([title, str(len(all_)), number(min(all_)), f"**{number(statistics.median(all_))}**",
                         number(max(all_)), adopted])
    heads = ["mlxstackd, command line to first answer, ms", "n", "min", "median", "max", "adopted"]
    return "### Start of the daemon\n\n" + table(heads, rows)


def logs(found):
    rows = [[key, f"{r['kept']:,}", *(number(r[w]) for w in ("twice", "cut", "disordered")), r["writer"],
             number(r["lines/s"])] for key, r in found.items()]
    heads = ["supervisor, meanwhile", "lines kept", "twice", "cut", "out of order", "writer", "lines/s"]
    return "### Log lines through rotation\n\n" + table(heads, rows)


def death(found):
    rows = [[name, number(r["survived"]), number(r["same pid"]), number(r["duplicates"]),
             "yes" if r["supervised again"] else "no"] for name, r in found.items()]
    heads = ["the supervisor and its helpers killed", "services alive", "same pid after its next start",
             "running twice", "supervised again"]
    return "### Sudden death\n\n" + table(heads, rows)


FORMS = {
    "respawn": times("Crash to respawn", "kill -9 to first word, ms"),
    "save": times("Save to spawned", "end of edit to first word, ms"),
    "get": times("Listing", "whole command, ms"),
    "scale": scale,
    "starting": starting,
    "logs": logs,
    "death": death,
}
