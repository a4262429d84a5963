"""A list of rows as CSV: safe to open in a spreadsheet, which runs nothing of what strangers typed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from tradewind.api.wire import Wire
from tradewind.commerce.orders.export import safe_cell


class Format(StrEnum):
    """How a list is written."""

    JSON = "json"
    CSV = "csv"


AsFormat = Annotated[Format, Query(alias="format", description="json, or csv for the rows alone.")]


def csv_answer(rows: Iterable[Wire | Mapping[str, Any]], shape: type[Wire] | Sequence[str], name: str) -> Response:
    """The rows as a file of that name, with a heading also where there are none. Nested values become columns."""
    columns = _columns(shape) if isinstance(shape, type) else list(shape)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    flat = [_flat(row.model_dump() if isinstance(row, Wire) else row) for row in rows]
    extra = [key for key in dict.fromkeys(key for row in flat for key in row) if key not in columns]
    columns = [c for c in columns if not any(e.startswith(f"{c}.") for e in extra)] + extra
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in flat)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return Response(out.getvalue().encode(), 200, headers, "text/csv; charset=utf-8")


def _cell(value: Any) -> str:
    # A number of ours stays one, also where it begins with a minus.
    return str(value) if isinstance(value, int | float) else safe_cell(value)


def _columns(shape: type[Wire]) -> list[str]:
    return [field.alias or name for name, field in shape.model_fields.items()]


def _flat(row: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{prefix}{name}.")
        elif not isinstance(value, list):
            found[prefix + name] = value
    return found
