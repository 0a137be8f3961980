"""Draw in what share of the squeezes each side fired, check by check; compare only checks of one kind."""

import csv
from pathlib import Path

import matplotlib.pyplot as plt

here = Path(__file__).parent
rows = list(csv.DictReader((here / "checks.tsv").open(encoding="utf-8"), delimiter="\t"))
for person, side in sorted({(row["person"], side) for row in rows for side in ("left", "right")}):
    own = [row for row in rows if row["person"] == person and row[f"fired_{side}_pct"] != "n/a"]
    days, share = [row["started_utc"][:10] for row in own], [float(row[f"fired_{side}_pct"]) for row in own]
    plt.plot(days, share, marker="o", label=f"{person} {side}")
plt.ylabel("fired, % of the squeezes")
plt.figlegend()
plt.savefig(here / "trend.png")
