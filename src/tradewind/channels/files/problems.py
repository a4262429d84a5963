"""What is wrong with a file or with a row of it, in words that say what to do.

    UnknownPreset     there is no preset of that name
    BadPreset         a preset of one's own that does not say what it must
    UnreadableFile    cut off, not what its name says, or not text at all
    WrongColumns      readable, but not what the preset expects
    ImportUnderWay    somebody else books the same file at this moment

A `Problem` is of one row; it goes to the report file, and the order it belongs to is refused as a whole.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path

from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.core.folders import private_folder

HEADER = ("file", "row", "column", "value", "code", "reason")
_LONGEST_VALUE = 200
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class UnknownPreset(NotFound):
    code = "unknown_preset"


class BadPreset(InvalidInput):
    code = "bad_preset"


class UnreadableFile(InvalidInput):
    code = "unreadable_file"


class WrongColumns(InvalidInput):
    code = "wrong_columns"


class ImportUnderWay(Conflict):
    code = "import_under_way"


@dataclass(frozen=True, slots=True)
class Problem:
    """One row's flaw. `row` is the number that a person sees beside it; `column` is the file's own name."""

    file: str
    row: int
    column: str
    value: str
    code: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.file}, row {self.row}" + (f", {self.column}" if self.column else "")
        return f"{place}: {self.reason}"


class ErrorReport:
    """A CSV of problems that survives a crash: what a chunk refused is on disk before the chunk commits.

    The length at each commit is kept with the run's position; a run that goes on cuts off what was
    written for a chunk that never committed. A report without problems leaves no file.
    """

    def __init__(self, path: Path, *, keep_bytes: int = 0) -> None:
        self.path = path
        self.size = 0
        if keep_bytes and path.exists() and path.stat().st_size >= keep_bytes:
            os.truncate(path, keep_bytes)
            self.size = keep_bytes
        else:
            path.unlink(missing_ok=True)

    def write(self, problems: Iterable[Problem]) -> None:
        """Appends problems and waits until they are stored."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        for problem in problems:
            if not self.size and not text.tell():
                writer.writerow(HEADER)
            writer.writerow([_cell(value) for value in astuple(problem)])
        if not text.tell():
            return
        private_folder(self.path.parent)
        with self.path.open("ab") as file:
            self.size += file.write(text.getvalue().encode())
            file.flush()
            os.fsync(file.fileno())


def _cell(value: object) -> str:
    """A value that a spreadsheet shows and does not run: a formula from a bad file stays text."""
    text = str(value)
    text = text if len(text) <= _LONGEST_VALUE or " " in text else text[:_LONGEST_VALUE] + "…"
    return "'" + text if text.startswith(_FORMULA_STARTS) else text
