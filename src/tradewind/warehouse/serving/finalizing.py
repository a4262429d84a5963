"""`finalize_aggregations=true`: states of aggregates as the values that they stand for.

Only columns of the answer that are states themselves; one inside an array, a tuple or a map stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson

from tradewind.warehouse.quoting import identifier
from tradewind.warehouse.serving.guard import Ask

PARAMETER = "finalize_aggregations"
_STATE = "AggregateFunction("


def states(ask: Ask, sql: str, bound: Mapping[str, str], settings: Mapping[str, str]) -> list[str]:
    """The columns of a query's answer that are states."""
    told = ask(f"DESCRIBE ({sql}\n)", "JSONCompactEachRow", bound, settings)
    columns = dict.fromkeys(name for name, kind, *_ in map(orjson.loads, told.splitlines()) if kind.startswith(_STATE))
    return list(columns)


def finalized(sql: str, columns: Sequence[str], result_filter: str | None) -> str:
    """The query with values in place of states, its rows in their order: the engine sorts what a plain SELECT wraps.

    The filter stands inside: it was written for the states.
    """
    if result_filter is not None:
        sql = f"SELECT * FROM ({sql}\n) WHERE ({result_filter}\n)"
    values = ", ".join(f"finalizeAggregation({identifier(name)}) AS {identifier(name)}" for name in columns)
    return f"SELECT * REPLACE ({values}) FROM ({sql}\n)"
