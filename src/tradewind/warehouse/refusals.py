"""Which lines of a refused block are to blame: a question to the engine that changes nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tradewind.warehouse.client import QueryFailed, Warehouse

_BLAMES_THE_DATA = re.compile(
    r"\((CANNOT_(PARSE|CONVERT|READ)\w*|INCORRECT_DATA|TYPE_MISMATCH|\w*OVERFLOW|\w*OUT_OF_(BOUND|RANGE)\w*|"
    r"UNKNOWN_FIELD\w*|NO_SUCH_COLUMN_IN_TABLE|UNEXPECTED_DATA_AFTER_PARSED_VALUE|ILLEGAL_COLUMN)\)"
)
_STRICT = {"input_format_skip_unknown_fields": 0, "input_format_null_as_default": 0}


def structure_of(warehouse: Warehouse, table: str, database: str | None = None) -> str:
    """A table's columns with their types; empty when there is no such table."""
    columns = warehouse.query(
        "SELECT name, type FROM system.columns WHERE database = {db:String} AND table = {table:String}"
        " ORDER BY position",
        {"db": database or warehouse.database, "table": table},
    )
    return ", ".join(f"`{column['name']}` {column['type']}" for column in columns)


def refused_lines(
    warehouse: Warehouse, structure: str, lines: Sequence[bytes], settings: Mapping[str, int | str] | None = None
) -> dict[int, str]:
    """Which lines columns of this structure cannot hold, and why; found by halving, so that one bad line costs little.

    Its answer is the same after a crash. Raises QueryFailed when something else than the data is wrong.
    """
    refused: dict[int, str] = {}
    pending = [(0, len(lines))]
    while pending:
        start, end = pending.pop()
        reason = _reason_against(warehouse, structure, b"\n".join(lines[start:end]), settings or _STRICT)
        if reason is None:
            continue
        if end - start == 1:
            refused[start] = reason
        else:
            middle = (start + end) // 2
            pending += [(start, middle), (middle, end)]
    return dict(sorted(refused.items()))


def _reason_against(
    warehouse: Warehouse, structure: str, lines: bytes, settings: Mapping[str, int | str]
) -> str | None:
    clause = ", ".join(f"{name} = {value!r}" for name, value in settings.items())
    try:
        warehouse.command(
            "SELECT count() FROM (SELECT * FROM format('JSONEachRow', {structure:String}, {lines:String}))"
            f" SETTINGS {clause}",
            {"structure": structure, "lines": lines.decode("utf-8", "replace")},
        )
    except QueryFailed as failure:
        # Only what is wrong with the data is the data's fault: a missing table or a full disk is tried again.
        if not structure or not _BLAMES_THE_DATA.search(str(failure)):
            raise
        return str(failure)[:500]
    return None
