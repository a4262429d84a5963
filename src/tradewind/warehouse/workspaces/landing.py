"""What a deploy needs of ingest: a moment of rest at a source, and tables that follow the log by themselves."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import Protocol

from tradewind.warehouse.datafiles.model import DataSource


class Landing(Protocol):
    """Moves rows from the log into tables. Each physical table has its own place in the log of its source."""

    def held(self, workspace_id: str, source: str, /) -> AbstractContextManager[None]:
        """Nothing is on its way into any table of the source inside the block."""
        ...

    def position(self, table: str, /) -> int:
        """The first place in the log of its source that a table has not taken; kept after `detach`."""
        ...

    def attach(
        self,
        workspace_id: str,
        source: DataSource | str,
        database: str,
        table: str,
        position: int | None = None,
        *,
        older: tuple[int, str] | None = None,
    ) -> None:
        """From now on the table follows the log from there; without a position, from its end or where it stood.

        `source` may be the name of a quarantine. With `older`, rows that were checked for a release before that
        number go into that table instead, under the same guarantee.
        """
        ...

    def detach(self, table: str, /) -> None:
        """The table follows no more; its position is kept."""
        ...

    def forget(self, table: str, /) -> None:
        """The table is gone."""
        ...

    def has_entries(self, workspace_id: str, source: str, /) -> bool:
        """Whether anything was ever put into the log of the source."""
        ...

    def trouble(self, table: str, /) -> str | None:
        """Why the table cannot take what comes next, while that is so."""
        ...


class NoLanding:
    """Where nothing is ingested: every table has taken all there is."""

    def held(self, *_: object) -> AbstractContextManager[None]:
        return nullcontext()

    def position(self, *_: object) -> int:
        return 0

    def attach(self, *_: object, **__: object) -> None:
        pass

    def detach(self, *_: object) -> None:
        pass

    def forget(self, *_: object) -> None:
        pass

    def has_entries(self, *_: object) -> bool:
        return False

    def trouble(self, *_: object) -> str | None:
        return None


class DirectWrites:
    """Who writes into tables other than through the log: copies, deletions and truncations share a table, a deploy
    that makes a new one of it waits for them and keeps them waiting until the new one is read.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._writers: dict[tuple[str, str], int] = {}
        self._taken: set[tuple[str, str]] = set()

    @contextmanager
    def writing(self, workspace_id: str, source: str) -> Iterator[None]:
        """For a job that writes into the data source's table; look the table up inside the block."""
        key = (workspace_id, source)
        with self._changed:
            self._changed.wait_for(lambda: key not in self._taken)
            self._writers[key] = self._writers.get(key, 0) + 1
        try:
            yield
        finally:
            with self._changed:
                self._writers[key] -= 1
                self._changed.notify_all()

    @contextmanager
    def excluded(self, workspace_id: str, sources: Iterable[str]) -> Iterator[None]:
        """For a deploy: nobody writes directly into these."""
        keys = {(workspace_id, source) for source in sources}
        with self._changed:
            self._changed.wait_for(lambda: not (keys & self._taken))
            self._taken |= keys
            self._changed.wait_for(lambda: not any(self._writers.get(key) for key in keys))
        try:
            yield
        finally:
            with self._changed:
                self._taken -= keys
                self._changed.notify_all()


@contextmanager
def all_held(landing: Landing, workspace_id: str, sources: Iterable[str]) -> Iterator[None]:
    """A moment of rest at several sources, taken in the order of their names."""
    with ExitStack() as holds:
        for source in sorted(sources):
            holds.enter_context(landing.held(workspace_id, source))
        yield
