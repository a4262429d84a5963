"""dbt in a process of its own: `python -m tradewind.warehouse.dbt_process` takes dbt's words.

What dbt has read of a project it keeps for the next run, unless that connects to somewhere else. A door that is open
for one build has another port every time, and no model depends on it: where the warehouse is counts no more in that.
"""

from __future__ import annotations

from collections.abc import Callable

from dbt.adapters.clickhouse.credentials import ClickHouseCredentials
from dbt.cli.main import cli

_WHERE = frozenset({"host", "port", "user"})
_Keys = Callable[[ClickHouseCredentials], tuple[str, ...]]
_connection_keys: _Keys = ClickHouseCredentials._connection_keys  # noqa: SLF001 - dbt has no setting for it


def _keys_that_models_see(credentials: ClickHouseCredentials) -> tuple[str, ...]:
    return tuple(key for key in _connection_keys(credentials) if key not in _WHERE)


if __name__ == "__main__":
    ClickHouseCredentials._connection_keys = _keys_that_models_see  # type: ignore[method-assign] # noqa: SLF001
    cli()
