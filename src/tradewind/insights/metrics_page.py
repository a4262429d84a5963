"""The tables of docs/metrics.md, written from the catalogue; what stands around them is written by people.

A table stands between `<!-- catalogue: owner -->` and `<!-- end -->`. A test holds the page up to date.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tradewind.insights.catalogue import METRICS
from tradewind.insights.metric import Metric

_PART = re.compile(r"(<!-- catalogue: ([a-z, ]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_HEAD = "| metric | formula | unit | adds up | undefined | computed in |\n| --- | --- | --- | --- | --- | --- |\n"


def with_tables(page: str) -> str:
    """The page with its tables as the catalogue has them now."""
    return _PART.sub(lambda part: part[1] + _table(part[2]) + part[3], page)


def owners() -> list[str]:
    """Who answers for metrics, in the order of the catalogue."""
    return list(dict.fromkeys(metric.owner for metric in METRICS.values()))


def _table(wanted: str) -> str:
    names = {name.strip() for name in wanted.split(",")}
    return _HEAD + "".join(_line(metric) for metric in METRICS.values() if metric.owner in names)


def _line(metric: Metric) -> str:
    undefined = f"when {metric.undefined_when}" if metric.undefined_when else "never"
    where = ", ".join(f"`{place}`" for place in metric.computed_in)
    formula = f"{metric.formula}. {metric.description}"
    name = f"**{metric.label}** `{metric.slug}`"
    return f"| {name} | {formula} | {metric.unit} | {metric.adds_up} | {undefined} | {where} |\n"


if __name__ == "__main__":
    # python -m tradewind.insights.metrics_page docs/metrics.md
    page = Path(sys.argv[1])
    page.write_text(with_tables(page.read_text()))
