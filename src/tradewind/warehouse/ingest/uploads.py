"""A file's way in: appended through the log, piece by piece, or in the place of what is there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from tradewind.core.errors import TooManyRequests, Unavailable
from tradewind.core.ids import new_id
from tradewind.warehouse.ingest.files import Dialect, checked_pieces
from tradewind.warehouse.ingest.journal import Receipt
from tradewind.warehouse.ingest.rows import Checked
from tradewind.warehouse.ingest.service import Ingest
from tradewind.warehouse.workspaces.release import Release

_PATIENCE_SECONDS = 300.0
_AHEAD = 8
"""Pieces that may be on their way into the log while the next one is read."""

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a file, as the answer tells of it."""

    rows: int
    bad_rows: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file."""

    import_id: str
    rows: int
    bad_rows: int
    blocks: tuple[Block, ...]
    is_visible: bool = True

    def statistics(self) -> dict[str, Any]:
        """As a job keeps it."""
        return {"import_id": self.import_id, "rows": self.rows, "quarantined_rows": self.bad_rows}


def append_file(
    ingest: Ingest,
    release: Release,
    source: str,
    file: IO[bytes],
    format_: str,
    *,
    dialect: Dialect | None = None,
    key: str | None = None,
    progress: Progress = lambda _: None,
) -> Imported:
    """Appends the rows of a file; returns when they are durable, and can be read if that takes less than a minute.

    Pieces that were read before something broke stay. With a `key`, the same file sent again adds nothing.
    """
    import_id = new_id()
    blocks: list[Block] = []
    receipts: list[Receipt] = []
    waiting: list[Any] = []
    checker = ingest.checker(release, source)
    most = ingest.settings.max_file_unpacked_mb * 1024**2
    pieces = checked_pieces(checker, file, format_, most_bytes=most, import_id=import_id, dialect=dialect)
    started = time.monotonic()
    for number, piece in enumerate(pieces):
        name = f"{key}:{number}" if key else None
        waiting.append(
            _patiently(
                lambda piece=piece, name=name: ingest.keep(  # type: ignore[misc]
                    release, source, piece, key=name, body=piece.good + piece.bad if name else b""
                )
            ).durable
        )
        while len(waiting) > _AHEAD:
            receipts.append(waiting.pop(0).result())
        blocks.append(Block(piece.rows, piece.bad_rows, time.monotonic() - started))
        started = time.monotonic()
        progress(sum(block.rows for block in blocks))
    receipts += [future.result() for future in waiting]
    is_visible = ingest.wait_visible(release, source, receipts[-1]) if receipts else True
    ends = {topic: end for receipt in receipts for topic, end in receipt.ends.items()}
    if receipts and is_visible:
        is_visible = ingest.wait_visible(release, source, Receipt(ends, 0, 0))
    good, bad = sum(block.rows for block in blocks), sum(block.bad_rows for block in blocks)
    return Imported(import_id, good, bad, tuple(blocks), is_visible)


def replace_by_file(
    ingest: Ingest,
    release: Release,
    source: str,
    file: IO[bytes],
    format_: str,
    *,
    condition: str | None = None,
    when_empty: bool = False,
    dialect: Dialect | None = None,
    progress: Progress = lambda _: None,
) -> Imported:
    """Puts a file's rows in the place of all rows, or of those that meet a condition; see Changes."""
    import_id = new_id()
    blocks: list[Block] = []

    def pieces() -> Iterator[Checked]:
        started = time.monotonic()
        checker = ingest.checker(release, source)
        most = ingest.settings.max_file_unpacked_mb * 1024**2
        for piece in checked_pieces(checker, file, format_, most_bytes=most, import_id=import_id, dialect=dialect):
            blocks.append(Block(piece.rows, piece.bad_rows, time.monotonic() - started))
            started = time.monotonic()
            yield piece

    done = ingest.changes.replace(
        release, source, pieces(), condition=condition, when_empty=when_empty, progress=progress
    )
    if done.bad:
        receipt = ingest.keep(release, source, Checked(bad=done.bad, bad_rows=done.bad_rows)).durable.result()
        ingest.wait_visible(release, source, receipt)
    return Imported(import_id, done.rows, done.bad_rows, tuple(blocks))


def _patiently(call: Callable[[], Any]) -> Any:
    """A file waits where a request is told to: it would begin from its start otherwise."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return call()
        except (TooManyRequests, Unavailable):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
