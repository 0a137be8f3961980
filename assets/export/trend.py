"""Draw in what share of the squeezes each side fired, check by check; compare only checks of one kind."""

import csv
from datetime import datetime
from itertools import product
from pathlib import Path

import matplotlib.pyplot as plt

rows = list(csv.DictReader(Path(__file__).with_name("checks.tsv").open(encoding="utf-8"), delimiter="\t"))
people = sorted({row["person"] for row in rows}) or ["no check yet"]
axes = plt.figure(figsize=(8, 1 + 2 * len(people))).subplots(len(people), sharex=True, squeeze=False).flat
for (axis, person), (side, mark) in product(zip(axes, people, strict=True), (("left", "s"), ("right", "o"))):
    own = [row for row in rows if row["person"] == person and row[f"fired_{side}_pct"] != "n/a"]
    share = {datetime.fromisoformat(row["started_utc"]): float(row[f"fired_{side}_pct"]) for row in own}
    axis.plot(list(share), list(share.values()), marker=mark, label=side)
    axis.set(ylabel="fired, % of squeezes", ylim=(-5, 105))
    axis.legend(title=person)
plt.savefig(Path(__file__).with_name("trend.png"), bbox_inches="tight")
