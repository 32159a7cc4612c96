"""From results to Markdown."""
import statistics

from forms import FORMS

BEGIN, END = "<!-- bench -->", "<!-- /bench -->"


def tables(results):
    """What was measured, one table a measure."""
    parts = [head(results)]
    for measure, form in FORMS.items():
        if measure in results["measures"]:
            parts.append(form(results["measures"][measure]))
    return "\n\n".join(parts) + "\n"


def head(results):
    loads = sorted(results["load"])
    said = [f"Taken on {results['date']} by `bench/run{' --quick' if results['quick'] else ''}`, load "
            f"{loads[0]} to {loads[-1]} (median {statistics.median(loads):.1f}), {results['machine']}."]
    return "\n".join(said + [f"Missing: {line}." for line in results["missing"]])


def replace(file, text, begin=BEGIN, end=END):
    """Puts the tables between the page's two marks."""
    with open(file) as page:
        before, _, rest = page.read().partition(begin)
    after = rest.partition(end)[2]
    with open(file, "w") as page:
        page.write(before + begin + "\n\n" + text + "\n" + end + after)
