"""One file seen through its preset: which of its columns fill which fields, and what a row says.

Works on staged rows: the first cells are `(seq, order, number, flaw)`, the picked columns follow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any

from tradewind.channels.files.cells import Parser, Unknown, parser
from tradewind.channels.files.fields import FIELDS_OF, Field, Holds, Kind
from tradewind.channels.files.preset import Condition, Filling, Preset, RowKind, RowRule, Table, When
from tradewind.channels.files.preset import Source as ColumnSource
from tradewind.channels.files.problems import Problem
from tradewind.channels.files.reading import Row, Source
from tradewind.core.errors import InvalidInput

Values = dict[str, Any]
Staged = tuple[Any, ...]
Getter = Callable[[Staged], str | None]
Lookups = Mapping[str, Mapping[str, str]]

NUMBER, FLAW, FIRST_CELL = 2, 3, 4
_TEXT = Field(Kind.TEXT, "a text for conditions")


def normal(column: str) -> str:
    """A column's name without the differences that people do not see: case, spaces, hyphens, underscores."""
    return re.sub(r"[\s_-]+", " ", column).strip().casefold()


@dataclass(frozen=True, slots=True)
class Missing:
    """A required field of a table without a column: the names that were looked for."""

    field: str
    looked_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    name: str
    index: int | None
    """The staged cell, where one column is all there is to it."""
    get: Getter | None
    parse: Parser


class TableReader:
    """Reads rows of one file. Built once the file's columns are known; `missing` says what it lacks."""

    def __init__(self, name: str, table: Table, source: Source, preset: Preset) -> None:
        self.name = name
        self.table = table
        self.source = source
        self.file = source.path.name
        self._preset = preset
        self._columns = {normal(column): index for index, column in enumerate(source.columns) if column}
        self._lookups: Lookups = {}
        self._empty = frozenset(word.casefold() for word in preset.empty_words)
        fillings = table.fields | table.extra
        key = table.order_key
        self.missing = [Missing(field, filling.columns) for field, filling in fillings.items() if self._lacks(filling)]
        if table.order is not None and key is not None and self._lacks(key.model_copy(update={"required": True})):
            self.missing.append(Missing("order", key.columns))
        used = {column for filling in [*fillings.values(), *([key] if key else [])] for column in filling.columns}
        indexes = sorted({index for column in used if (index := self._index(column)) is not None})
        self.picked: list[int] = indexes
        self._cell_of = {index: FIRST_CELL + place for place, index in enumerate(indexes)}
        self._labels = {field: self._label_columns(filling) for field, filling in fillings.items()}

    def compile(self, lookups: Lookups) -> None:
        """Makes the plan by which rows are read."""
        self._lookups = lookups
        known = FIELDS_OF[self.table.holds]
        self._plans: list[_Plan] = []
        self._sums: list[tuple[str, list[tuple[int, int]], Parser]] = []
        self._kind_of = {field: known.get(field, _TEXT).kind for field in self.table.fields}
        for name, filling in (self.table.fields | self.table.extra).items():
            field = known.get(name, _TEXT)
            parse = parser(field, filling, self._preset)
            if filling.sum_of:
                signed = [
                    (self._index(text.removeprefix("-")), -1 if text.startswith("-") else 1) for text in filling.sum_of
                ]
                cells = [(self._cell_of[index], sign) for index, sign in signed if index is not None]
                if cells:
                    self._sums.append((name, cells, parse))
                continue
            getters = [getter for source in filling.sources if (getter := self._getter(source)) is not None]
            if filling.default is not None:
                getters.append(_constant(filling.default))
            if len(getters) == 1 and isinstance(getters[0], int):
                self._plans.append(_Plan(name, getters[0], None, parse))
            elif getters:
                self._plans.append(_Plan(name, None, _first_of(getters), parse))
        self._rules = [(rule, holds_true(rule.when)) for rule in self.table.rows]
        self._service_tests = [holds_true(when) for when in self.table.service_when]
        self._is_service_sku = lru_cache(1 << 16)(self._matches_service)

    def key_getter(self) -> Callable[[Row], str]:
        """What names the order of a row of the file, before it is staged. A row without a key stands alone."""
        filling = self.table.order_key
        if filling is None:
            return lambda row: f"\x1f{self.name}\x1f{row.number}"
        getters = [self._raw_getter(source) for source in filling.sources]
        usable = [getter for getter in getters if getter is not None]

        def key(row: Row) -> str:
            # A row of the wrong length still belongs to its order, so that the order is refused as a whole.
            for getter in usable:
                text = getter(row.cells)
                if text:
                    return text
            return f"\x1f{self.name}\x1f{row.number}"

        return key

    def read(self, row: Staged, problems: list[Problem]) -> Values:
        """The values of a row; what cannot be read becomes a problem and stays out."""
        if row[FLAW] is not None:
            problems.append(Problem(self.file, row[NUMBER], "", "", "bad_row", row[FLAW]))
            return {}
        values: Values = {}
        for plan in self._plans:
            text = row[plan.index] if plan.index is not None else plan.get(row) if plan.get is not None else None
            if text is None or (self._empty and text.casefold() in self._empty):
                continue
            try:
                value = plan.parse(text)
            except InvalidInput as refusal:
                problems.append(self.problem(row, plan.name, text, "bad_value", str(refusal)))
                values[plan.name] = _BAD
                continue
            if value is not None:
                values[plan.name] = value
        for name, cells, parse in self._sums:
            total = None
            for cell, sign in cells:
                if row[cell] is None:
                    continue
                try:
                    amount = parse(row[cell])
                except InvalidInput as refusal:
                    problems.append(self.problem(row, name, row[cell], "bad_value", str(refusal)))
                    continue
                total = (total or Decimal(0)) + (amount if sign > 0 else -abs(amount))
            if total is not None:
                values[name] = total
        return values

    def kind_of(self, values: Values) -> tuple[RowKind, RowRule | None]:
        """What the row stands for, by the first rule that fits."""
        for rule, fits in self._rules:
            if fits(values):
                return rule.kind, rule
        return RowKind.LINE, None

    def is_service(self, values: Values) -> bool:
        """Whether what the row sells is never on a shelf."""
        sku = values.get("sku")
        return (isinstance(sku, str) and self._is_service_sku(sku)) or any(test(values) for test in self._service_tests)

    def column(self, field: str, row: Staged | None = None) -> str:
        """The file's own name of the column that fills a field, for messages."""
        labels = self._labels.get(field, ())
        if row is not None:
            for label in labels:
                index = self._index(label)
                if index is not None and row[self._cell_of[index]] is not None:
                    return label
        return labels[0] if labels else field

    def text(self, field: str, row: Staged) -> str:
        """What the file has for a field, as it stands there."""
        index = self._index(self.column(field, row))
        return "" if index is None else row[self._cell_of[index]] or ""

    def problem(self, row: Staged, field: str, value: str, code: str, reason: str) -> Problem:
        return Problem(self.file, row[NUMBER], self.column(field, row), value, code, reason)

    def _lacks(self, filling: Filling) -> bool:
        return filling.required and not any(
            all(self._index(column) is not None for column in source.columns) for source in filling.sources
        )

    def _index(self, column: str) -> int | None:
        names = (column, *self._preset.also_called.get(column, ()))
        return next((self._columns[normal(name)] for name in names if normal(name) in self._columns), None)

    def _label_columns(self, filling: Filling) -> tuple[str, ...]:
        """Columns of the filling as the file spells them, then as the preset does."""
        found = [index for column in filling.columns if (index := self._index(column)) is not None]
        return tuple(self.source.columns[index] for index in found) or filling.columns

    def _getter(self, source: ColumnSource) -> int | Getter | None:
        indexes = [self._index(column) for column in source.columns]
        cells = [self._cell_of[index] for index in indexes if index is not None]
        if len(cells) < len(indexes):
            return None
        if "{" in source.column:
            plain: Getter = _template(source, dict(zip(source.columns, cells, strict=True)))
        elif not source.map and source.lookup is None:
            return cells[0]
        else:
            cell = cells[0]
            plain = lambda row: row[cell]  # noqa: E731
        meanings = self._lookups.get(source.lookup, {}) if source.lookup is not None else None

        def translated(row: Staged) -> str | None:
            text = plain(row)
            if text is not None and source.map:
                text = source.map.get(text.casefold(), source.map.get("*"))
            return meanings.get(text) if text is not None and meanings is not None else text

        return translated

    def _raw_getter(self, source: ColumnSource) -> Callable[[Sequence[str | None]], str | None] | None:
        index = self._index(source.column)
        return None if index is None else lambda cells: cells[index] if index < len(cells) else None

    def _matches_service(self, sku: str) -> bool:
        return any(fnmatchcase(sku, pattern) for pattern in self._preset.services)


_BAD = Unknown("")
"""Stands for a value that could not be read: there, so that it is not reported as missing as well."""


def is_bad(value: Any) -> bool:
    return value is _BAD


def _constant(text: str) -> Getter:
    return lambda _: text


def _template(source: ColumnSource, cells: dict[str, int]) -> Getter:
    def fill(row: Staged) -> str | None:
        texts = {column: row[cell] for column, cell in cells.items()}
        if any(text is None for text in texts.values()):
            return None
        text = source.column
        for column, content in texts.items():
            text = text.replace("{" + column + "}", content)
        return text

    return fill


def _first_of(getters: Sequence[int | Getter]) -> Getter:
    def first(row: Staged) -> str | None:
        for getter in getters:
            text: str | None = row[getter] if isinstance(getter, int) else getter(row)
            if text is not None:
                return text
        return None

    return first


def holds_true(when: When) -> Callable[[Values], bool]:
    """All conditions of a rule in one function; `amount` and `product_kind` are worked out from the row."""
    checks = [(name, _check(condition)) for name, condition in when.items()]

    def fits(values: Values) -> bool:
        for name, check in checks:  # noqa: SIM110 (a loop is twice as fast here, and this runs for every row)
            if not check(_amount(values) if name == "amount" else values.get(name)):
                return False
        return True

    return fits


def _amount(values: Values) -> Decimal | None:
    quantity, price = values.get("quantity"), values.get("unit_price")
    return quantity * price if isinstance(quantity, int) and isinstance(price, Decimal) else None


def _check(condition: Condition) -> Callable[[Any], bool]:
    checks = list(_checks(condition))
    return checks[0] if len(checks) == 1 else lambda value: all(check(value) for check in checks)


def _checks(condition: Condition) -> Iterator[Callable[[Any], bool]]:
    if condition.empty is not None:
        wanted = condition.empty
        yield lambda value: (value is None) is wanted
    for bound, compare in (
        (condition.equals, lambda value, bound: value == bound),
        (condition.below, lambda value, bound: value < bound),
        (condition.above, lambda value, bound: value > bound),
    ):
        if bound is not None:
            yield _numeric(bound, compare)
    for texts, match in (
        (condition.is_, lambda text, texts: text in texts),
        (condition.starts, lambda text, texts: text.startswith(texts)),
        (condition.contains, lambda text, texts: any(part in text for part in texts)),
    ):
        if texts:
            yield _textual(texts, match)
    if condition.is_not:
        is_it = _textual(condition.is_not, lambda text, texts: text in texts)
        yield lambda value: not is_it(value)


def _numeric(bound: Decimal, compare: Callable[[Any, Decimal], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int | Decimal) and compare(value, bound)


def _textual(texts: tuple[str, ...], match: Callable[[str, tuple[str, ...]], bool]) -> Callable[[Any], bool]:
    folded = tuple(text.casefold() for text in texts)
    return lambda value: value is not None and match(str(value).casefold(), folded)


def find_file(folder: Path, table: Table, taken: set[Path], suffixes: Sequence[str]) -> Path | None:
    """The file of a folder that holds a table, by the names the preset gives."""
    candidates = sorted(
        path for path in folder.iterdir() if path.is_file() and path.name.lower().endswith(tuple(suffixes))
    )
    for pattern in table.files:
        for path in candidates:
            stem = path.name.lower().partition(".")[0]
            if fnmatchcase(stem, pattern.lower()) and (path not in taken or table.holds is Holds.LOOKUP):
                return path
    return None
