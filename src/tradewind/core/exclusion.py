"""Work that one process at a time may do, of all that share a store."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from tradewind.core.database import Database

_TAKE = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")
_GIVE_BACK = text("SELECT pg_advisory_unlock(hashtextextended(:name, 0))")


@contextmanager
def only_here(database: Database, name: str) -> Iterator[bool]:
    """Whether nobody else does this now; nobody else does until the block ends, or this process does.

    A SQLite store has one owner, who sees to its threads itself: there it is always true.
    """
    if database.dialect != "postgresql":
        yield True
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        taken = bool(session.scalar(_TAKE, {"name": name}))
        try:
            yield taken
        finally:
            if taken:
                session.execute(_GIVE_BACK, {"name": name})


@contextmanager
def file_lock(folder: Path, name: str) -> Iterator[bool]:
    """The same between processes that share a data folder: for work that several of them may begin."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.lock"
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
