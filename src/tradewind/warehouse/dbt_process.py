"""dbt in a process of its own: `python -m tradewind.warehouse.dbt_process` takes dbt's words.

What dbt has read of a project it keeps for the next run, unless that connects to somewhere else. A door that is open
for one build has another port every time, and no model depends on it: where the warehouse is counts no more in that.

With `--no-write-json` dbt leaves out its description of the project, which takes a second to write; what became of each
node is written all the same. Events that no log shows are dropped before they are put into words: dbt words every
statement as JSON first and looks at the level then.
"""

# ruff: noqa: E402 - how often the collector runs is said before what is imported keeps it busy

from __future__ import annotations

import gc

_OBJECTS_BEFORE_A_COLLECTION = 10_000
"""dbt makes hundreds of thousands of objects that stay, and the collector would walk over them again and again."""
gc.set_threshold(_OBJECTS_BEFORE_A_COLLECTION)

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dbt.adapters.clickhouse.credentials import ClickHouseCredentials
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.exceptions import DbtUsageException
from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager

_WHERE = frozenset({"host", "port", "user"})
_UNHEARD = frozenset({EventLevel.DEBUG, EventLevel.TEST})
_Keys = Callable[[ClickHouseCredentials], tuple[str, ...]]
_connection_keys: _Keys = ClickHouseCredentials._connection_keys  # noqa: SLF001 - dbt has no setting for it
_fire_event: Callable[..., None] = EventManager.fire_event


def _keys_that_models_see(credentials: ClickHouseCredentials) -> tuple[str, ...]:
    return tuple(key for key in _connection_keys(credentials) if key not in _WHERE)


def _fire_what_is_heard(
    manager: EventManager, event: BaseEvent, level: EventLevel | None = None, *rest: Any, **more: Any
) -> None:
    if (level or event.level_tag()) not in _UNHEARD:
        _fire_event(manager, event, level, *rest, **more)


def _run(words: list[str]) -> int:
    outcome = dbtRunner().invoke(words)
    if isinstance(outcome.result, RunExecutionResult) and "--no-write-json" in words:
        outcome.result.write(str(Path(words[words.index("--target-path") + 1]) / "run_results.json"))
    if isinstance(outcome.exception, DbtUsageException):  # dbt has told all others
        sys.stderr.write(f"{outcome.exception}\n")
    return 0 if outcome.success else 1


if __name__ == "__main__":
    gc.freeze()
    # dbt has a setting for neither.
    ClickHouseCredentials._connection_keys = _keys_that_models_see  # type: ignore[method-assign] # noqa: SLF001
    EventManager.fire_event = _fire_what_is_heard  # type: ignore[method-assign, assignment]
    sys.exit(_run(sys.argv[1:]))
