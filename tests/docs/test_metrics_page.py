"""docs/metrics.md says of every metric what the catalogue says."""

from __future__ import annotations

from tests.docs.markdown import ROOT
from tradewind.insights.catalogue import METRICS
from tradewind.insights.metrics_page import owners, with_tables

PAGE = ROOT / "docs" / "metrics.md"


def test_the_tables_are_those_of_the_catalogue() -> None:
    page = PAGE.read_text()
    assert page == with_tables(page), "write them anew: python -m tradewind.insights.metrics_page docs/metrics.md"


def test_every_metric_stands_on_the_page() -> None:
    page = PAGE.read_text()
    assert [slug for slug in METRICS if f"`{slug}` |" not in page] == []
    assert [owner for owner in owners() if f"<!-- catalogue: {owner} -->" not in page] == []
