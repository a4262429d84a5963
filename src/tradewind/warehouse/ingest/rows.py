"""Checks rows against a data source's schema: good ones become lines of its table, bad ones of its quarantine."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import msgspec

from tradewind.core.errors import InvalidInput
from tradewind.warehouse.datafiles.model import DataSource
from tradewind.warehouse.ingest.fast import FastRows, NotFast
from tradewind.warehouse.ingest.moments import Moments
from tradewind.warehouse.ingest.paths import ABSENT, Path, parse_path
from tradewind.warehouse.ingest.rules import Rule, Wrong, from_text, json_text, rule_of
from tradewind.warehouse.ingest.types import parse_type

QUARANTINE: Final = "_quarantine"
"""What is added to a data source's name for that of its bad rows."""
ERROR_COLUMN, ERROR, IMPORT_ID = "c__error_column", "c__error", "c__import_id"
_CSV_NULL = "\\N"

_encode = msgspec.json.Encoder(decimal_format="number").encode
_anything = msgspec.json.Decoder(float_hook=Decimal)


class UnreadableBody(InvalidInput):
    """The body is not what its format says: nothing of it is stored."""

    code = "unreadable_body"
    status = 400


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows of a body as canonical lines: `good` by column, `bad` as the quarantine keeps them."""

    good: bytes = b""
    rows: int = 0
    bad: bytes = b""
    bad_rows: int = 0

    def __add__(self, other: Checked) -> Checked:
        return Checked(
            self.good + other.good,
            self.rows + other.rows,
            self.bad + other.bad,
            self.bad_rows + other.bad_rows,
        )


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    path: Path
    rule: Rule
    shown_type: str
    takes_null: bool
    has_default: bool
    is_moment: bool


class RowChecker:
    """For one data source as one release has it. Threads may share it."""

    def __init__(self, source: DataSource, moments: Moments | None = None) -> None:
        self.source = source
        self._moments = moments or Moments()
        self._columns = [self._column(column) for column in source.columns]
        self._from_text = [from_text(parse_type(column.full_type)) for column in source.columns]
        self._time_column = insertion_date([column.name for column in source.columns])
        self._fast: FastRows | None = None
        with suppress(NotFast):
            self._fast = FastRows(source)

    def ndjson(self, body: bytes, *, import_id: str | None = None) -> Checked:
        """Objects, one per line; blank lines count for nothing. Raises UnreadableBody."""
        _check_encoding(body)
        if self._fast is not None:
            with suppress(NotFast, msgspec.DecodeError):
                return Checked(*self._fast.lines(body))
            with suppress(msgspec.DecodeError):
                return self._line_by_line(body, import_id)
        return self._slow(_decoded(body), import_id)

    def json(self, body: bytes, *, import_id: str | None = None) -> Checked:
        """One object, or an array of objects. Raises UnreadableBody."""
        _check_encoding(body)
        if not body.lstrip().startswith(b"["):
            return self.ndjson(body, import_id=import_id)
        if self._fast is not None:
            with suppress(NotFast, msgspec.DecodeError):
                return Checked(*self._fast.documents(body))
        try:
            rows = _anything.decode(body)
        except (msgspec.DecodeError, RecursionError) as broken:
            raise UnreadableBody(f"The body is not JSON: {broken}. Nothing of it was stored.") from broken
        return self._slow(rows, import_id)

    def csv(self, lines: Iterable[str], *, import_id: str | None = None, **dialect: Any) -> Iterator[Checked]:
        """Rows of a CSV file, a piece at a time. A first line with the names of columns tells their order."""
        order: list[int | None] | None = None
        piece: list[list[Any]] = []
        try:
            for cells in csv.reader(lines, **dialect):
                if not cells:
                    continue
                if order is None:
                    order = self._order(cells)
                    if order is not None:
                        continue
                    order = list(range(len(self._columns)))
                piece.append(self._cells(cells, order))
                if len(piece) >= 10_000:
                    yield self._checked(piece, import_id)
                    piece = []
        except (csv.Error, UnicodeDecodeError) as broken:
            raise UnreadableBody(f"The file is not CSV in UTF-8: {broken}.") from broken
        if piece:
            yield self._checked(piece, import_id)

    def objects(self, rows: Sequence[Any], *, import_id: str | None = None) -> Checked:
        """Rows that are decoded already."""
        return self._slow(rows, import_id)

    def texts(self, rows: Iterable[Sequence[str | None]], *, import_id: str | None = None) -> Checked:
        """Rows of a quarantine table: each column as text."""
        values = [
            [None if cell is None else read(cell) for cell, read in zip(cells, self._from_text, strict=True)]
            for cells in rows
        ]
        return self._checked([[ABSENT if value is None else value for value in row] for row in values], import_id)

    def _line_by_line(self, body: bytes, import_id: str | None) -> Checked:
        """A body with a few rows that need their rules: the others take the fast way."""
        assert self._fast is not None
        good: list[bytes] = []
        slow: list[bytes] = []
        for line in body.split(b"\n"):
            if not line or line.isspace():
                continue
            try:
                good.append(self._fast.lines(line)[0])
            except NotFast:
                slow.append(line)
        checked = self._slow(_decoded(b"\n".join(slow)), import_id)
        return Checked(b"".join(good), len(good)) + checked

    def _slow(self, rows: Any, import_id: str | None) -> Checked:
        if not isinstance(rows, list):
            rows = [rows]
        for number, row in enumerate(rows, 1):
            if not isinstance(row, dict):
                raise UnreadableBody(f"Row {number} is no JSON object but {json_text(row)[:100]}. Nothing was stored.")
        return self._checked([[column.path.of(row) for column in self._columns] for row in rows], import_id)

    def _checked(self, rows: Sequence[Sequence[Any]], import_id: str | None) -> Checked:
        moments = [place for place, column in enumerate(self._columns) if column.is_moment]
        if moments:
            self._moments.learn(row[place].strip() for row in rows for place in moments if isinstance(row[place], str))
        good: list[bytes] = []
        bad: list[bytes] = []
        for values in rows:
            row, wrong = self._row(values)
            if wrong:
                bad.append(_encode(self._quarantined(values, wrong, import_id)))
            else:
                good.append(_encode(row))
        return Checked(_joined(good), len(good), _joined(bad), len(bad))

    def _row(self, values: Sequence[Any]) -> tuple[dict[str, Any], list[_Column]]:
        row: dict[str, Any] = {}
        wrong: list[_Column] = []
        for column, value in zip(self._columns, values, strict=True):
            if value is ABSENT or value is None:
                if value is None and column.takes_null:
                    row[column.name] = None
                elif not column.takes_null and not column.has_default:
                    wrong.append(column)
                continue
            try:
                row[column.name] = column.rule(value)
            except Wrong:
                wrong.append(column)
        return row, wrong

    def _quarantined(self, values: Sequence[Any], wrong: list[_Column], import_id: str | None) -> dict[str, Any]:
        texts: dict[str, Any] = {
            column.name: None if value is ABSENT or value is None else json_text(value)
            for column, value in zip(self._columns, values, strict=True)
        }
        return {
            ERROR_COLUMN: [column.name for column in wrong],
            ERROR: [error_text(texts[column.name], column.name, column.shown_type) for column in wrong],
            IMPORT_ID: import_id,
            **texts,
            self._time_column: seconds_text(datetime.now(UTC)),
        }

    def _order(self, cells: list[str]) -> list[int | None] | None:
        """Which cell each column takes, if this line names columns; None when it is a row."""
        names = [cell.strip().removeprefix("\ufeff") for cell in cells]
        known = {column.name for column in self._columns}
        if not any(name in known for name in names) or len(set(names)) != len(names):
            return None
        if not all(name in known for name in names) and len([n for n in names if n in known]) * 2 < len(names):
            return None
        places = {name: place for place, name in enumerate(names)}
        return [places.get(column.name) for column in self._columns]

    def _cells(self, cells: list[str], order: list[int | None]) -> list[Any]:
        values: list[Any] = []
        for column, place, read in zip(self._columns, order, self._from_text, strict=True):
            cell = cells[place] if place is not None and place < len(cells) else None
            if cell is None:
                values.append(ABSENT)
            elif cell == _CSV_NULL:
                values.append(None)
            elif cell == "" and (column.takes_null or column.shown_type not in ("String", "FixedString")):
                values.append(ABSENT)
            else:
                values.append(read(cell))
        return values

    def _column(self, column: Any) -> _Column:
        type_ = parse_type(column.full_type)
        is_state = type_.name == "AggregateFunction"
        return _Column(
            name=column.name,
            path=parse_path(column.json_path) if column.json_path else Path((column.name,)),
            rule=rule_of(type_, self._moments),
            shown_type=type_.text,
            takes_null=column.is_nullable or type_.is_nullable,
            has_default=column.default is not None or is_state,
            is_moment=type_.name in ("DateTime", "DateTime64"),
        )


def insertion_date(columns: Sequence[str]) -> str:
    """The quarantine's own time column: another name where the source has a column of that name."""
    name = "insertion_date"
    while name in columns:
        name += "_"
    return name


def seconds_text(moment: datetime) -> str:
    """A moment as a DateTime column reads it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def error_text(value: str | None, column: str, type_: str) -> str:
    """What a quarantine says of a value; nothing at all, or a null, is `null`."""
    return f"value '{'null' if value is None else value}' on column '{column}' is not {type_}"


def _decoded(body: bytes) -> list[Any]:
    try:
        return _anything.decode_lines(body)
    except (msgspec.DecodeError, RecursionError) as broken:
        line = _broken_line(body)
        raise UnreadableBody(
            f"The body is not NDJSON{f', line {line}' if line else ''}: {broken}. Nothing of it was stored;"
            " send one JSON object per line."
        ) from broken


def _broken_line(body: bytes) -> int | None:
    for number, line in enumerate(body.split(b"\n"), 1):
        if line and not line.isspace():
            try:
                _anything.decode(line)
            except (msgspec.DecodeError, RecursionError):
                return number
    return None


def _check_encoding(body: bytes) -> None:
    try:
        body.decode()
    except UnicodeDecodeError as broken:
        line = body.count(b"\n", 0, broken.start) + 1
        raise UnreadableBody(
            f"The body is not UTF-8: byte {broken.start} in line {line} cannot be read. Nothing of it was stored."
        ) from broken


def _joined(lines: list[bytes]) -> bytes:
    return b"\n".join(lines) + b"\n" if lines else b""
