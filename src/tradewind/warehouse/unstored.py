"""Makes good a gap of the embedded engine: a token noted for a block that a kill kept from being stored.

An insert notes its token in the table's deduplication log just before its part gets its name. A process that is killed
between the two leaves the note without the part, and the same block, told again, would be taken for a repetition and
lost. So before the engine opens, notes of parts that were never there are removed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

_PART = re.compile(r"(?P<partition>.+?)_(?P<first>\d+)_(?P<last>\d+)_\d+(?:_\d+)?")
_ADDED = "1"
_NEWEST_LINES = 1000
"""Only what was under way can lack its part, and that is noted last."""


def forget_unstored_blocks(warehouse: Path) -> int:
    """Removes such notes from all tables of a warehouse that nobody has open; returns how many."""
    return sum(_repair(folder) for folder in _logs(warehouse))


def _logs(warehouse: Path) -> Iterator[Path]:
    store = warehouse / "store"
    if store.is_dir():
        yield from store.glob("*/*/deduplication_logs")


def _repair(folder: Path) -> int:
    files = sorted(folder.glob("deduplication_log_*.txt"), key=lambda file: int(file.stem.rpartition("_")[2]))
    newest = next((file for file in reversed(files) if file.stat().st_size), None)
    if newest is None:
        return 0
    lines = newest.read_text().splitlines(keepends=True)
    stored = _newest_blocks(folder.parent)
    kept, tail = lines[:-_NEWEST_LINES], lines[-_NEWEST_LINES:]
    dropped = {line.split("\t")[1] for line in tail if line.count("\t") == 2 and not line.startswith(f"{_ADDED}\t")}
    good = [line for line in tail if _is_good(line, stored, dropped)]
    if len(good) == len(tail):
        return 0
    replacement = newest.with_suffix(".repaired")
    with replacement.open("w") as file:
        file.writelines([*kept, *good])
        file.flush()
        os.fsync(file.fileno())
    replacement.replace(newest)
    return len(tail) - len(good)


def _newest_blocks(table: Path) -> dict[str, int]:
    """The highest block number that each partition has a part of."""
    found: dict[str, int] = {}
    with os.scandir(table) as entries:
        for entry in entries:
            name = _PART.fullmatch(entry.name)
            if name is not None and not entry.name.startswith(("tmp", "delete_tmp")):
                partition, last = name["partition"], int(name["last"])
                found[partition] = max(found.get(partition, 0), last)
    return found


def _is_good(line: str, stored: dict[str, int], dropped: set[str]) -> bool:
    """Whether a note has its part, or had one; half a line, which a kill leaves too, is not."""
    cells = line.split("\t")
    if len(cells) != 3 or not line.endswith("\n"):
        return False
    part = _PART.fullmatch(cells[1])
    if cells[0] != _ADDED or part is None or cells[1] in dropped:
        return True
    return int(part["first"]) <= stored.get(part["partition"], 0)
