"""What the tests of gold over HTTP share: its periods, and reading figures that open."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.api.conftest import Api

ZONE = ZoneInfo("Europe/Berlin")
MARCH = {"from": "2026-03-01", "to": "2026-04-01"}
ALL = {"from": "2025-09-01", "to": "2026-04-01"}


def get(api: Api, path: str, **params: Any) -> Any:
    """The document with every number as it was written."""
    answer = api.client.get(path, params=params or None)  # an empty one would take the query away
    assert answer.status_code == 200, f"{path}: {answer.text}"
    return json.loads(answer.text, parse_float=Decimal)


def all_rows(api: Api, link: str) -> tuple[Any, list[Any]]:
    """A figure opened, and the rows of all its pages."""
    joint = "&" if "?" in link else "?"
    first = page = get(api, f"{link}{joint}limit=200")
    rows = list(first["rows"])
    while page["next_cursor"]:
        page = get(api, f"{link}{joint}limit=200&cursor={page['next_cursor']}")
        rows += page["rows"]
    return first, rows


def assert_adds_up(found: Any, rows: list[Any]) -> None:
    figure = found["figure"]
    assert sum(Decimal(str(row["numerator"])) for row in rows) == figure["numerator"]
    keys = [column["name"] for column in found["columns"] if column["role"] == "key"]
    assert len({tuple(row[key] for key in keys) for row in rows}) == len(rows)
    if figure["denominator"] is None:
        return
    assert sum(Decimal(str(row["denominator"])) for row in rows) == figure["denominator"]
    if figure["denominator"] == 0:
        assert figure["value"] is None
    else:
        assert abs(figure["value"] - Decimal(figure["numerator"]) / figure["denominator"]) <= Decimal("0.005")
