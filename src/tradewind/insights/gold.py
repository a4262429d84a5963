"""The gold tables as insights read them: whether they are built, how old they are, and rows of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tradewind.core.errors import Conflict
from tradewind.warehouse.client import Row, Warehouse

BUILD = "tradewind warehouse build"


class GoldNotBuilt(Conflict):
    """A question needs a gold table that no build has made yet."""

    code = "gold_not_built"

    def __init__(self, table: str) -> None:
        super().__init__(f"The gold table {table} is not built yet. Build it with: {BUILD}")


def state_of(warehouse: Warehouse) -> tuple[int, int]:
    """Another one whenever a build, or somebody by hand, has made or filled a table that is not one of facts."""
    (row,) = warehouse.query(
        """
        SELECT (
            SELECT groupBitXor(cityHash64(name, uuid)) FROM system.tables WHERE database = {database:String}
        ) AS tables, (
            SELECT groupBitXor(cityHash64(table, name, modification_time, rows)) FROM system.parts
            WHERE database = {database:String} AND active
                AND NOT startsWith(table, 'log_') AND NOT startsWith(table, 'live_')
        ) AS parts
        """,
        {"database": warehouse.database},
    )
    return row["tables"], row["parts"]


class Gold:
    """Reads gold for one state of it. Make a new one when that may have moved on."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self._built: dict[str, datetime | None] = {}
        self._names: frozenset[str] | None = None
        self._columns: dict[str, frozenset[str]] = {}
        self._currencies: dict[str, str | None] = {}

    def has(self, table: str) -> bool:
        """Whether a build has made it."""
        if self._names is None:
            rows = self.warehouse.query(
                "SELECT name FROM system.tables WHERE database = {database:String}",
                {"database": self.warehouse.database},
            )
            self._names = frozenset(row["name"] for row in rows)
        return table in self._names

    def has_costs(self, table: str) -> bool:
        """Whether it says what revenue has a known cost; a table of a build before this version may not."""
        return table in self._with_column("revenue_with_cost")

    def has_prices(self, table: str) -> bool:
        """Whether it says what its median order paid; a table of a build before this version may not."""
        return table in self._with_column("median_price")

    def currency_of(self, table: str) -> str | None:
        """What its converted amounts are in; None where it has no rows, or not all of them as of an older version."""
        if table not in self._currencies:
            is_whole = table in self._with_column("tax_converted")
            found = self.warehouse.query(f"SELECT reporting_currency FROM {table} LIMIT 1") if is_whole else []
            self._currencies[table] = found[0]["reporting_currency"] if found else None
        return self._currencies[table]

    def _with_column(self, column: str) -> frozenset[str]:
        if column not in self._columns:
            rows = self.warehouse.query(
                "SELECT table FROM system.columns WHERE database = {database:String} AND name = {column:String}",
                {"database": self.warehouse.database, "column": column},
            )
            self._columns[column] = frozenset(row["table"] for row in rows)
        return self._columns[column]

    def need(self, *tables: str) -> None:
        """Raises GoldNotBuilt for the first that is missing."""
        for table in tables:
            if not self.has(table):
                raise GoldNotBuilt(table)

    def built_at(self, table: str) -> datetime | None:
        """What was in the log by then is in it: when the last build that it went well in began; None before the first.

        A partial build leaves days as they are that no fact touched, so rows alone would say too little; and
        somebody who runs dbt by hand leaves nothing but rows.
        """
        if table not in self._built:
            self._built[table] = self._newest(table) if self.has(table) else None
        return self._built[table]

    def _newest(self, table: str) -> datetime | None:
        (row,) = self.warehouse.query(
            f"""
            SELECT (SELECT maxOrNull(built_at) FROM {table}) AS of_rows, maxOrNull(began_at) AS of_builds
            FROM gold_builds WHERE kind IN ('full', 'partial') AND NOT has(failed, {{table:String}})
            """,
            {"table": table},
        )
        return max((moment for moment in row.values() if moment is not None), default=None)

    def query(self, table: str, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Rows of a SELECT that reads this gold table before all; GoldNotBuilt where there is none."""
        self.need(table)
        return self.warehouse.query(sql, parameters)
